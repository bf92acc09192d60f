namespace Isthmus.Tests.Explorer;

/// <summary>
/// What is explored: a primitive with its words, its recovery, and what must hold. It has no state of its own: what it needs to
/// remember stands in the ghosts of a world, numbers that are part of it as the words are and that no operation sees.
/// </summary>
internal abstract class Subject
{
    private readonly List<Word> _words = [];
    private readonly List<Word> _slotWords = [];

    /// <summary>How many ghosts.</summary>
    public virtual int Ghosts => 0;

    /// <summary>
    /// What a survivor does for a dead participant, and the next occupant of its slot before anything else: <see cref="Actor.Victim"/>,
    /// <see cref="Actor.IsProven"/>.
    /// </summary>
    public abstract Instruction Recovery { get; init; }

    /// <summary>What must hold after each move.</summary>
    public virtual void CheckAlways(World world)
    {
    }

    /// <summary>What must hold when nothing moves any more and somebody lives.</summary>
    public virtual void CheckAtRest(World world)
    {
    }

    /// <summary>A participant was just killed, its stores are in memory: the moment to move the ghosts.</summary>
    public virtual void Crashed(World world, int slot)
    {
    }

    /// <summary>Whether a thread may sleep although nothing moves any more.</summary>
    public virtual bool MayRest(Actor sleeper) => false;

    /// <summary>The words of a world with so many slots. Touching another is a failure.</summary>
    public IEnumerable<Word> Words(int slots) =>
    [
        .. _words,
        .. from slot in Enumerable.Range(0, slots)
           from word in _slotWords
           select word with { Index = StateLayout.Slot(slot) + word.Index, Name = $"{word.Name}[{slot}]" },
    ];

    /// <summary>Declares a word that all share.</summary>
    protected void Word(int index, string name, ulong initial = 0, Func<ulong, string>? show = null) =>
        _words.Add(new Word(index, name, initial, show));

    /// <summary>Declares a word in the line of each slot.</summary>
    protected void SlotWord(int offset, string name, ulong initial = 0, Func<ulong, string>? show = null) =>
        _slotWords.Add(new Word(offset, name, initial, show));
}

namespace Isthmus.Tests.Explorer;

/// <summary>
/// A few loads and stores of some threads: the classic questions to a memory model. What was loaded stands in the
/// ghosts.
/// </summary>
internal sealed class Litmus : Subject
{
    public const int X = 0;
    public const int Y = 1;

    private readonly string _outcome;

    /// <param name="outcome">The values loaded, in the order of the ghosts, that shall not come out.</param>
    public Litmus(string outcome)
    {
        _outcome = outcome;
        Word(X, "x");
        Word(Y, "y");
    }

    public override int Ghosts => _outcome.Length;

    public override Instruction Recovery { get; init; } = Load(X, 0);

    public static Instruction Store(int word, ulong value) => Instruction.Run(_ => new Access(AccessKind.Store, word, value));

    public static Instruction CompareExchange(int word, ulong value) => Instruction.Run(_ => new Access(AccessKind.CompareExchange, word, value));

    public static Instruction SleeperFence() => Instruction.Run(_ => new Access(AccessKind.SleeperFence, X, 0));

    public static Instruction Load(int word, int ghost) =>
        Instruction.Run(_ => new Access(AccessKind.Load, word, 0), (me, load) => me.World.Ghost(ghost) = load.Found);

    /// <summary>Whether the outcome can come out of what these threads do.</summary>
    public bool IsPossible(MemoryOrder order, params Instruction[][] threads)
    {
        Routine[][] participants = [.. threads.Select((Instruction[] thread, int index) => (Routine[])[new Routine("thread", thread)])];
        Exploration all = Explore.All(new Scenario(this, participants) { Order = order });
        Assert.True(all.IsComplete || all.Violation is not null);
        return all.Violation is not null;
    }

    public override void CheckAtRest(World world)
    {
        if (Enumerable.Range(0, Ghosts).All(ghost => world.Ghost(ghost) == (ulong)(_outcome[ghost] - '0')))
        {
            world.Fail("the outcome came out");
        }
    }
}

namespace Isthmus;

/// <summary>
/// Begins an operation on an owner-tracked semaphore: reads the central word, finishes the operation that it tells of, and reads a slot's own word.
/// As long as the central word is what was read, the slot's word is too.
/// </summary>
/// <param name="slot">Whose word.</param>
internal struct TrackedView(int slot)
{
    private enum Stage
    {
        Central,
        Doer,
        Help,
        Own,
    }

    private Stage _stage;
    private ulong _doers;

    /// <summary>The central word.</summary>
    public ulong Central { get; private set; }

    /// <summary>The slot's word.</summary>
    public ulong Held { get; private set; }

    /// <summary>Does the next step; true when it was the last.</summary>
    public bool Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Central:
                Central = memory.Load(TrackedWord.Word);
                _stage = TrackedWord.DoerOf(Central) < memory.Slots ? Stage.Doer : Stage.Own;
                return false;
            case Stage.Doer:
                _doers = memory.Load(HeldWord.Word(TrackedWord.DoerOf(Central)));
                return HeldWord.IsBehind(_doers, Central) ? GoTo(Stage.Help) : IsOwn();
            case Stage.Help:
                return Help(ref memory);
            default:
                Held = memory.Load(HeldWord.Word(slot));
                return true;
        }
    }

    private bool Help<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong done = HeldWord.After(_doers, Central);
        // When it fails, another has helped: what was found is the word after that, or the central word has changed too.
        if (memory.CompareExchange(HeldWord.Word(TrackedWord.DoerOf(Central)), ref _doers, done))
        {
            _doers = done;
        }
        return IsOwn();
    }

    private bool IsOwn()
    {
        if (TrackedWord.DoerOf(Central) != slot)
        {
            return GoTo(Stage.Own);
        }
        Held = _doers;
        return true;
    }

    private bool GoTo(Stage stage)
    {
        _stage = stage;
        return false;
    }
}

namespace Isthmus;

/// <summary>
/// Passes a fair mutex on, from who had it to the next slot in turn that waits; when nobody waits, to nobody. When the slot that was chosen has
/// given up meanwhile, to the one after that.
/// </summary>
/// <remarks>
/// A slot that gives up changes its queue and then looks whether it was chosen; who chooses it changes the owner word and then looks at its queue:
/// one of them sees the other.
/// </remarks>
internal struct FairMutexPass : IOperation
{
    private enum Stage
    {
        Scan,
        Choose,
        Free,
        Call,
        CallAll,
    }

    private readonly bool _isOnlyOne;
    private Stage _stage;
    private FairMutexCall _call;
    private FairMutexCallAll _callAll;
    private ulong _from;
    private ulong _seen;
    private int _after;
    private int _slots;
    private int _passed;

    /// <param name="seen">The word as it is now.</param>
    /// <param name="from">The same, with what the death of its owner means.</param>
    /// <param name="isOnlyOne">Whether nobody else can pass it on, and <paramref name="seen"/> changes when somebody comes to wait.</param>
    public FairMutexPass(ulong seen, ulong from, bool isOnlyOne)
    {
        _seen = seen;
        _from = from;
        _isOnlyOne = isOnlyOne;
        _after = MutexWord.OwnerOf(seen);
    }

    /// <summary>Whether it was passed on; else the word has changed.</summary>
    public bool HasPassed { get; private set; }

    /// <summary>The word as it was seen last.</summary>
    public readonly ulong Seen => _seen;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Scan:
                return Scan(ref memory);
            case Stage.Choose:
                return Choose(ref memory);
            case Stage.Free:
                return Free(ref memory);
            case Stage.Call:
                return Call(ref memory);
            default:
                return _callAll.Step(ref memory);
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Passing on does not wait.");

    private readonly int Candidate => (_after + _passed) % _slots;

    private Progress Scan<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_passed == 0)
        {
            _slots = memory.Slots;
        }
        if (_passed++ >= _slots)
        {
            return GoTo(Stage.Free);
        }
        return FairMutexQueue.HasWaiters(memory.Load(FairMutexQueue.Word(Candidate))) ? GoTo(Stage.Choose) : Progress.Continues;
    }

    private Progress Choose<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong chosen = FairMutexWord.ChosenNext(_from, Candidate);
        if (!memory.CompareExchange(MutexWord.Word, ref _seen, chosen))
        {
            return Progress.Done;
        }
        HasPassed = true;
        _seen = _from = chosen;
        _call = new FairMutexCall(Candidate, always: false);
        return GoTo(Stage.Call);
    }

    private Progress Call<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_call.Step(ref memory).Kind != ProgressKind.Done)
        {
            return Progress.Continues;
        }
        if (_call.HasWaiters)
        {
            return Progress.Done;
        }
        _after = Candidate;
        _passed = 0;
        return GoTo(Stage.Scan);
    }

    private Progress Free<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (!memory.CompareExchange(MutexWord.Word, ref _seen, FairMutexWord.Freed(_from)))
        {
            return Progress.Done;
        }
        bool isKnown = _isOnlyOne && !HasPassed;
        HasPassed = true;
        // Somebody may have come after the look at its slot, and have trusted in the flag that there was.
        return isKnown ? Progress.Done : GoTo(Stage.CallAll);
    }

    private Progress GoTo(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}

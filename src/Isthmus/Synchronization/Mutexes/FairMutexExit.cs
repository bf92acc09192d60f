namespace Isthmus;

/// <summary>Leaves a fair mutex to the next in turn. Who is not the owner of just that entry changes nothing.</summary>
internal struct FairMutexExit : IOperation
{
    private enum Stage
    {
        Leave,
        Pass,
        CallAll,
    }

    private readonly ulong _owned;
    private Stage _stage;
    private FairMutexPass _pass;
    private FairMutexCallAll _callAll;
    private ulong _seen;

    /// <param name="owned">The word that the entry made.</param>
    public FairMutexExit(ulong owned) => _owned = _seen = owned;

    /// <summary>Whether it was owned.</summary>
    public bool Left { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Leave:
                return Leave(ref memory);
            case Stage.Pass:
                return Pass(ref memory);
            default:
                return _callAll.Step(ref memory);
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Leaving does not wait.");

    private Progress Leave<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        // Nobody enters an unusable mutex, so all who wait must hear of it.
        bool isSpoiled = (_seen & MutexWord.Abandoned) != 0;
        bool looks = FairMutexWord.HasQueue(_seen) && !isSpoiled;
        ulong left = looks ? _seen & ~FairMutexWord.Queue : MutexWord.Left(_seen) & ~FairMutexWord.Queue;
        if (!memory.CompareExchange(MutexWord.Word, ref _seen, left))
        {
            return MutexWord.IsSameEntry(_seen, _owned) ? Progress.Continues : Progress.Done;
        }
        Left = true;
        if (looks)
        {
            // The flag is out: whoever comes to wait now changes the word, and then it is looked at once more.
            _pass = new FairMutexPass(left, left, isOnlyOne: true);
            _stage = Stage.Pass;
            return Progress.Continues;
        }
        _stage = Stage.CallAll;
        return isSpoiled ? Progress.Continues : Progress.Done;
    }

    private Progress Pass<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_pass.Step(ref memory).Kind != ProgressKind.Done)
        {
            return Progress.Continues;
        }
        _seen = _pass.Seen;
        _stage = Stage.Leave;
        return _pass.HasPassed || !MutexWord.IsSameEntry(_seen, _owned) ? Progress.Done : Progress.Continues;
    }
}

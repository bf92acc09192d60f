namespace Isthmus.Tests.Explorer;

/// <summary><see cref="MutexExit"/> with a bug.</summary>
internal struct FaultyExit : IOperation
{
    private readonly ulong _owned;
    private readonly MutexFault _fault;
    private ulong _seen;
    private bool _hasWoken;

    public FaultyExit(ulong owned, MutexFault fault) => (_owned, _seen, _fault) = (owned, owned, fault);

    public bool Left { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (!Left && !_hasWoken && _fault == MutexFault.WakesFirst)
        {
            memory.Wake(MutexWord.Word, Waiters.All, 1);
            _hasWoken = true;
            return Progress.Continues;
        }
        if (!Left)
        {
            return Leave(ref memory);
        }
        Wake(ref memory);
        return Progress.Done;
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Leaving does not wait.");

    private Progress Leave<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_fault == MutexFault.LeavesByStore)
        {
            memory.Store(MutexWord.Word, MutexWord.Left(_owned));
        }
        else if (!memory.CompareExchange(_fault == MutexFault.TouchesAnotherWord ? 1 : MutexWord.Word, ref _seen, MutexWord.Left(_seen)))
        {
            return IsSameEntry(_seen) ? Progress.Continues : Progress.Done;
        }
        Left = true;
        if (_fault == MutexFault.HasTwoEffects)
        {
            Wake(ref memory);
        }
        return _fault is MutexFault.HasTwoEffects or MutexFault.WakesFirst or MutexFault.DoesNotWake || MutexWord.WaitersOf(_seen) == Waiters.None
            ? Progress.Done
            : Progress.Continues;
    }

    private readonly void Wake<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        bool tellsAll = (_seen & MutexWord.Abandoned) != 0 && _fault != MutexFault.TellsOneOfUnusable;
        memory.Wake(MutexWord.Word, MutexWord.WaitersOf(_seen), tellsAll ? int.MaxValue : 1);
    }

    private readonly bool IsSameEntry(ulong word) => _fault == MutexFault.ThrowsTheNextOut
        ? !MutexWord.IsFree(word)
        : MutexWord.OwnerOf(word) == MutexWord.OwnerOf(_owned) && MutexWord.GenerationOf(word) == MutexWord.GenerationOf(_owned);
}

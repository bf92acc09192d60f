namespace Isthmus.Tests.Explorer;

/// <summary><see cref="MutexEnter"/> with a bug.</summary>
internal struct FaultyEnter(int slot, Waiters waiters, MutexFault fault) : IOperation
{
    private enum Stage
    {
        Look,
        Take,
        Mark,
        Pass,
    }

    private Stage _stage;
    private ulong _seen;
    private bool _waited;

    public MutexEntry Outcome { get; private set; }

    public ulong Owned { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                _seen = memory.Load(MutexWord.Word);
                return Decide();
            case Stage.Take:
                return Take(ref memory);
            case Stage.Mark:
                return Mark(ref memory);
            default:
                if (fault != MutexFault.KeepsTheWake)
                {
                    memory.Wake(MutexWord.Word, Waiters.All, 1);
                }
                return Progress.Done;
        }
    }

    public void Withdraw() => _stage = Stage.Pass;

    private Progress Decide()
    {
        if ((_seen & MutexWord.Unusable) != 0 && fault != MutexFault.IgnoresUnusable)
        {
            Outcome = MutexEntry.Unusable;
            return Progress.Done;
        }
        if (_waited && fault == MutexFault.TakesAWakeForTheGrant)
        {
            return Enter(_seen);
        }
        _stage = MutexWord.IsFree(_seen) ? Stage.Take : Stage.Mark;
        return Progress.Continues;
    }

    private Progress Take<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong entered = Entered();
        if (fault == MutexFault.EntersByStore)
        {
            memory.Store(MutexWord.Word, entered);
        }
        else if (!memory.CompareExchange(MutexWord.Word, ref _seen, entered))
        {
            return Decide();
        }
        return Enter(entered);
    }

    private Progress Enter(ulong entered)
    {
        Owned = entered;
        Outcome = (_seen & MutexWord.Abandoned) != 0 ? MutexEntry.Abandoned : MutexEntry.Entered;
        return Progress.Done;
    }

    private readonly ulong Entered() => fault switch
    {
        MutexFault.DoesNotMarkAgain => MutexWord.Entered(_seen, slot, Waiters.None),
        MutexFault.TellsTheFirstOnly => MutexWord.Entered(_seen & ~MutexWord.Abandoned, slot, _waited ? waiters : Waiters.None),
        MutexFault.HasNoGeneration => (uint)MutexWord.Entered(_seen, slot, _waited ? waiters : Waiters.None),
        _ => MutexWord.Entered(_seen, slot, _waited ? waiters : Waiters.None),
    };

    private Progress Mark<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong marked = fault == MutexFault.SleepsUnannounced ? _seen : _seen | (ulong)waiters;
        if (marked != _seen && fault == MutexFault.MarksByStore)
        {
            memory.Store(MutexWord.Word, marked);
        }
        else if (marked != _seen && !memory.CompareExchange(MutexWord.Word, ref _seen, marked))
        {
            return Decide();
        }
        _waited = true;
        _stage = Stage.Look;
        return Progress.WaitsFor(MutexWord.Word, marked);
    }
}

namespace Isthmus.Tests.Explorer;

/// <summary><see cref="MutexRecovery"/> with a bug.</summary>
internal struct FaultyRecovery : IOperation
{
    private enum Stage
    {
        Look,
        Prove,
        Repair,
        Wake,
    }

    private readonly int _slot;
    private readonly bool _proven;
    private readonly MutexFault _fault;
    private Stage _stage;
    private ulong _seen;
    private bool _hasRepaired;

    public FaultyRecovery(int slot, bool proven, MutexFault fault)
    {
        (_slot, _proven, _fault) = (slot, proven, fault);
        _stage = fault == MutexFault.ProvesFirst && !proven ? Stage.Prove : Stage.Look;
    }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                _seen = memory.Load(MutexWord.Word);
                _stage = Look();
                return Progress.Continues;
            case Stage.Prove:
                _stage = !memory.IsDead(_slot) ? Stage.Wake : _fault == MutexFault.ProvesFirst ? Stage.Look : Stage.Repair;
                return Progress.Continues;
            case Stage.Repair:
                Repair(ref memory);
                return Progress.Continues;
            default:
                Wake(ref memory);
                return Progress.Done;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Recovery does not wait.");

    private readonly Stage Look()
    {
        if (_fault == MutexFault.RecoversFromAnybody ? MutexWord.IsFree(_seen) : !MutexWord.IsOwnedBy(_seen, _slot))
        {
            return Stage.Wake;
        }
        return _proven || _fault is MutexFault.RecoversWithoutProof or MutexFault.ProvesFirst ? Stage.Repair : Stage.Prove;
    }

    private void Repair<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong read = _seen;
        if (_fault == MutexFault.RecoversByStore)
        {
            memory.Store(MutexWord.Word, Recovered());
            _hasRepaired = true;
        }
        else
        {
            _hasRepaired = memory.CompareExchange(MutexWord.Word, ref _seen, Recovered());
        }
        _stage = _hasRepaired ? Stage.Wake : _fault == MutexFault.RecoversForEver ? Stage.Repair : Stage.Look;
        _seen = _fault == MutexFault.RecoversForEver ? read : _seen;
    }

    private readonly ulong Recovered() => _fault switch
    {
        MutexFault.RecoversInSilence => MutexWord.Recovered(_seen) & ~MutexWord.Abandoned,
        MutexFault.HasNoGeneration => (uint)MutexWord.Recovered(_seen),
        _ => MutexWord.Recovered(_seen),
    };

    private readonly void Wake<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_fault != MutexFault.RecoversWithoutWake && (_hasRepaired || _fault != MutexFault.WakesAfterRepairOnly))
        {
            memory.Wake(MutexWord.Word, Waiters.All, int.MaxValue);
        }
    }
}

namespace Isthmus;

/// <summary>
/// Begins a new round with nobody arrived, and mends a broken barrier. Who waits is told that the round was broken.
/// </summary>
/// <remarks>The dead are taken away first: a death from before does not break the new round.</remarks>
internal struct BarrierReset : IOperation
{
    private enum Stage
    {
        Scan,
        Recover,
        Look,
        Reset,
        Wake,
    }

    private Stage _stage;
    private BarrierRecovery _recovery;
    private ulong _seen;
    private int _slot;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Scan:
                return Scan(ref memory);
            case Stage.Recover:
                return GoTo(_recovery.Step(ref memory).Kind == ProgressKind.Done ? Stage.Scan : Stage.Recover);
            case Stage.Look:
                _seen = memory.Load(BarrierWord.Word);
                return GoTo(Stage.Reset);
            case Stage.Reset:
                return GoTo(memory.CompareExchange(BarrierWord.Word, ref _seen, BarrierWord.Reset(_seen)) ? Stage.Wake : Stage.Reset);
            default:
                memory.Wake(BarrierWord.Word, Waiters.All, int.MaxValue);
                return Progress.Done;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("A reset does not wait.");

    private Progress Scan<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_slot >= memory.Slots)
        {
            return GoTo(Stage.Look);
        }
        int slot = _slot++;
        if (BarrierMembers.JoinedOf(memory.Load(BarrierMembers.Word(slot))) > 0)
        {
            _recovery = new BarrierRecovery(slot, proven: false);
            _stage = Stage.Recover;
        }
        return Progress.Continues;
    }

    private Progress GoTo(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}

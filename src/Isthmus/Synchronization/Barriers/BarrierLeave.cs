namespace Isthmus;

/// <summary>Takes away a member that has not arrived; when it was the last that was missing, the others pass.</summary>
/// <param name="slot">Whose.</param>
internal struct BarrierLeave(int slot) : IOperation
{
    private enum Stage
    {
        Read,
        Look,
        Leave,
        Check,
        Complete,
    }

    private Stage _stage;
    private BarrierCompletion _completion;
    private ulong _mine;
    private uint _round;

    /// <summary>Whether it has left; else there was none that has not arrived.</summary>
    public bool HasLeft { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Read:
                _mine = memory.Load(BarrierMembers.Word(slot));
                _stage = Stage.Look;
                return Progress.Continues;
            case Stage.Look:
                _round = BarrierWord.RoundOf(memory.Load(BarrierWord.Word));
                _stage = Stage.Leave;
                return BarrierMembers.AreComplete(_mine, _round) ? Progress.Done : Progress.Continues;
            case Stage.Leave:
                HasLeft = memory.CompareExchange(BarrierMembers.Word(slot), ref _mine, BarrierMembers.Left(_mine, _round));
                _stage = HasLeft ? Stage.Check : Stage.Look;
                return Progress.Continues;
            case Stage.Check:
                return Judge(memory.Load(BarrierWord.Word));
            default:
                bool isOver = _completion.Step(ref memory).Kind == ProgressKind.Done;
                return isOver && _completion.HasChanged ? Judge(_completion.Seen) : isOver ? Progress.Done : Progress.Continues;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Leaving does not wait.");

    private Progress Judge(ulong seen)
    {
        _completion = new BarrierCompletion(seen);
        _stage = Stage.Complete;
        return BarrierWord.IsBroken(seen) ? Progress.Done : Progress.Continues;
    }
}

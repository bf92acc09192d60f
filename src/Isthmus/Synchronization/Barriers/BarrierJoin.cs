namespace Isthmus;

/// <summary>Adds a member to a barrier: from then on nobody passes without it.</summary>
/// <param name="slot">Whose.</param>
internal struct BarrierJoin(int slot) : IOperation
{
    private enum Stage
    {
        Read,
        Join,
        Look,
        Raise,
    }

    private Stage _stage;
    private ulong _seen;

    /// <summary>Whether it has joined; else the slot has as many members as its word can count.</summary>
    public bool HasJoined { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Read:
                _seen = memory.Load(BarrierMembers.Word(slot));
                return Decide();
            case Stage.Join:
                if (!memory.CompareExchange(BarrierMembers.Word(slot), ref _seen, BarrierMembers.Joined(_seen)))
                {
                    return Decide();
                }
                HasJoined = true;
                _stage = Stage.Look;
                return Progress.Continues;
            case Stage.Look:
                _seen = memory.Load(BarrierWord.Word);
                _stage = Stage.Raise;
                return Progress.Continues;
            default:
                // Who has looked at the slot before, and is about to end the round, looks again.
                return memory.CompareExchange(BarrierWord.Word, ref _seen, BarrierWord.Raised(_seen)) ? Progress.Done : Progress.Continues;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Joining does not wait.");

    private Progress Decide()
    {
        _stage = Stage.Join;
        return BarrierMembers.JoinedOf(_seen) < BarrierMembers.Most ? Progress.Continues : Progress.Done;
    }
}

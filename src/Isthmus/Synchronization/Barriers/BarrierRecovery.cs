namespace Isthmus;

/// <summary>
/// Breaks a barrier for the death of its members in a slot, and takes them away: this round when one had not arrived,
/// else the next. Lets all who wait look again: the dead one may have been about to end the round.
/// </summary>
/// <remarks>
/// The barrier's word is read before the slot's and before the proof: a recoverer that was paused meanwhile cannot
/// break it once more, after it was reset, for the same death; nor can it take a later death, in the mended barrier, for one that is told already:
/// the word is changed even where it says so. The last change can be made too often: it only disturbs.
/// </remarks>
/// <param name="slot">Whose.</param>
/// <param name="proven">
/// Whether the slot's life lock is held by who recovers; else the death is proved between reading and changing.
/// </param>
internal struct BarrierRecovery(int slot, bool proven) : IOperation
{
    private enum Stage
    {
        Look,
        Read,
        Prove,
        Break,
        Clear,
        Raise,
        Wake,
    }

    private Stage _stage;
    private ulong _seen;
    private ulong _members;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                _seen = memory.Load(BarrierWord.Word);
                return GoTo(Stage.Read);
            case Stage.Read:
                _members = memory.Load(BarrierMembers.Word(slot));
                if (BarrierMembers.JoinedOf(_members) == 0)
                {
                    // The next occupant raises the generation in any case: a recoverer that was paused takes nothing of his for the dead one's.
                    return GoTo(proven ? Stage.Clear : Stage.Raise);
                }
                return GoTo(proven ? Stage.Break : Stage.Prove);
            case Stage.Prove:
                return GoTo(memory.IsDead(slot) ? Stage.Break : Stage.Raise);
            case Stage.Break:
                return Break(ref memory);
            case Stage.Clear:
                bool isClear = memory.CompareExchange(BarrierMembers.Word(slot), ref _members, BarrierMembers.Recovered(_members));
                return GoTo(isClear ? Stage.Raise : Stage.Look);
            case Stage.Raise:
                return GoTo(memory.CompareExchange(BarrierWord.Word, ref _seen, BarrierWord.Disturbed(_seen)) ? Stage.Wake : Stage.Raise);
            default:
                memory.Wake(BarrierWord.Word, Waiters.All, int.MaxValue);
                return Progress.Done;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Recovery does not wait.");

    private Progress Break<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        bool hadArrived = BarrierMembers.AreComplete(_members, BarrierWord.RoundOf(_seen));
        ulong broken = BarrierWord.BrokenFor(_seen, hadArrived);
        if (!memory.CompareExchange(BarrierWord.Word, ref _seen, broken))
        {
            return GoTo(Stage.Look);
        }
        _seen = broken;
        return GoTo(Stage.Clear);
    }

    private Progress GoTo(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}

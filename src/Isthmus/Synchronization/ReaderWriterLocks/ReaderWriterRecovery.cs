namespace Isthmus;

/// <summary>
/// Takes from a dead participant the readers and the owner word of a reader-writer lock, and wakes all who wait for
/// either: whom it should have woken, and who was to go on in its place.
/// </summary>
/// <param name="slot">Whose.</param>
/// <param name="proven">
/// Whether the slot's life lock is held by who recovers; else the death is proved between reading and changing.
/// </param>
internal struct ReaderWriterRecovery(int slot, bool proven) : IOperation
{
    private enum Stage
    {
        LookAtReaders,
        ProveReader,
        RepairReaders,
        LookAtOwner,
        ProveOwner,
        RepairOwner,
        WakeOwner,
        WakeAll,
    }

    private Stage _stage;
    private ulong _seen;

    private readonly int Readers => ReaderWriterReaders.Word(slot);

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.LookAtReaders:
                _seen = memory.Load(Readers);
                // The next occupant raises the generation in any case: a recoverer that was paused takes nothing of his for the dead one's.
                return GoTo(proven ? Stage.RepairReaders : ReaderWriterReaders.IsIdle(_seen) ? Stage.LookAtOwner : Stage.ProveReader);
            case Stage.ProveReader:
                return GoTo(memory.IsDead(slot) ? Stage.RepairReaders : Stage.LookAtOwner);
            case Stage.RepairReaders:
                // When it fails: the writer marked it, or another has recovered it.
                bool areGone = memory.CompareExchange(Readers, ref _seen, ReaderWriterReaders.Recovered(_seen));
                return GoTo(areGone ? Stage.LookAtOwner : Stage.LookAtReaders);
            case Stage.LookAtOwner:
                _seen = memory.Load(ReaderWriterOwner.Word);
                return GoTo(!ReaderWriterOwner.IsOwnedBy(_seen, slot) ? Stage.WakeOwner : proven ? Stage.RepairOwner : Stage.ProveOwner);
            case Stage.ProveOwner:
                return GoTo(memory.IsDead(slot) ? Stage.RepairOwner : Stage.WakeOwner);
            case Stage.RepairOwner:
                bool isFree = memory.CompareExchange(ReaderWriterOwner.Word, ref _seen, ReaderWriterOwner.Recovered(_seen));
                return GoTo(isFree ? Stage.WakeOwner : Stage.LookAtOwner);
            case Stage.WakeOwner:
                memory.Wake(Readers, Waiters.All, int.MaxValue);
                return GoTo(Stage.WakeAll);
            default:
                memory.Wake(ReaderWriterOwner.Word, Waiters.All, int.MaxValue);
                return Progress.Done;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Recovery does not wait.");

    private Progress GoTo(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}

namespace Isthmus;

/// <summary>
/// Frees the seats and rings of a dead participant, and wakes all. What it pinned is no longer pinned, whom it blocked goes on, what it had published
/// stays; the sample that it was writing was never there.
/// </summary>
/// <param name="layout">Of the topic.</param>
/// <param name="slot">Whose.</param>
/// <param name="proven">Whether the slot's life lock is held by who recovers; else the death is proved between reading and changing.</param>
internal struct TopicRecovery(TopicLayout layout, int slot, bool proven) : IOperation
{
    private enum Stage
    {
        Look,
        Prove,
        Free,
        TellPublishers,
        TellSubscribers,
    }

    private TopicNotify _notify = new(TopicLayout.Room, always: true);
    private Stage _stage;
    private ulong _seen;
    private int _index;

    // First the seats, then the rings.
    private readonly int Word => _index < layout.Subscribers ? layout.Seat(_index) : layout.Owner(_index - layout.Subscribers);

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                _seen = memory.Load(Word);
                return TopicOwner.IsOf(_seen, slot) ? GoTo(proven ? Stage.Free : Stage.Prove) : Next();
            case Stage.Prove:
                return memory.IsDead(slot) ? GoTo(Stage.Free) : Next();
            case Stage.Free:
                return Free(ref memory);
            case Stage.TellPublishers:
                if (_notify.Step(ref memory))
                {
                    _notify = new TopicNotify(TopicLayout.News, always: true);
                    return GoTo(Stage.TellSubscribers);
                }
                return Progress.Continues;
            default:
                return _notify.Step(ref memory) ? Progress.Done : Progress.Continues;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Recovery does not wait.");

    private Progress Free<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        // When it fails, its owner has opened it before it died, or another has freed it.
        return memory.CompareExchange(Word, ref _seen, TopicOwner.Freed(_seen)) ? Next() : GoTo(Stage.Look);
    }

    private Progress Next() => GoTo(++_index < layout.Subscribers + layout.Publishers ? Stage.Look : Stage.TellPublishers);

    private Progress GoTo(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}

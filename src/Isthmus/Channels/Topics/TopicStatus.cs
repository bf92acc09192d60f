namespace Isthmus;

/// <summary>What is known of a <see cref="Topic"/> at one moment.</summary>
public sealed record TopicStatus : SharedObjectStatus
{
    internal TopicStatus(SegmentSnapshot snapshot, TopicWords words, in TopicSetup setup, TopicLayout layout)
        : base(snapshot)
    {
        MaxSampleSize = setup.SampleSize;
        MaxPublishers = setup.Publishers;
        MaxSubscribers = setup.Subscribers;
        MaxLoans = setup.Loans;
        Buffer = setup.Buffer;
        History = setup.History;
        SlotsPerPublisher = setup.Slots;
        Publishers = [.. from ring in Enumerable.Range(0, layout.Publishers)
                         let status = RingOf(words, layout, ring)
                         where status.Slot is not null || status.Published > 0
                         select status];
        Subscribers = [.. from seat in Enumerable.Range(0, layout.Subscribers)
                          let owner = words.Load(layout.Seat(seat))
                          where TopicOwner.StateOf(owner) is TopicOwnerState.DropsOldest or TopicOwnerState.Blocks
                          select SeatOf(words, layout, seat, owner)];
    }

    /// <summary>The greatest size of a sample in bytes.</summary>
    public int MaxSampleSize { get; }

    /// <summary>How many may publish at once.</summary>
    public int MaxPublishers { get; }

    /// <summary>How many may subscribe at once.</summary>
    public int MaxSubscribers { get; }

    /// <summary>How many samples a subscriber may have on loan at once.</summary>
    public int MaxLoans { get; }

    /// <summary>How many samples of each publisher a subscriber may be behind before it loses any, or blocks, at least.</summary>
    public int Buffer { get; }

    /// <summary>How many of the last samples of each publisher are kept for those who subscribe later.</summary>
    public int History { get; }

    /// <summary>For how many samples each publisher has room.</summary>
    public int SlotsPerPublisher { get; }

    /// <summary>Who publishes or has published, by index.</summary>
    public IReadOnlyList<TopicPublisherStatus> Publishers { get; }

    /// <summary>Who subscribes.</summary>
    public IReadOnlyList<TopicSubscriberStatus> Subscribers { get; }

    private TopicPublisherStatus RingOf(TopicWords words, TopicLayout layout, int ring)
    {
        ulong owner = words.Load(layout.Owner(ring));
        TopicFind find = new(layout, ring, 0);
        Driver.Run(ref words, ref find);
        int? slot = TopicOwner.IsFree(owner) ? null : TopicOwner.SlotOf(owner);
        return new(ring, slot, slot is { } taken ? ParticipantIn(taken) : null, find.IsDamaged ? -1 : (long)find.Reader.Number);
    }

    private TopicSubscriberStatus SeatOf(TopicWords words, TopicLayout layout, int seat, ulong owner)
    {
        int slot = TopicOwner.SlotOf(owner);
        TopicOverflow overflow = TopicOwner.StateOf(owner) == TopicOwnerState.Blocks ? TopicOverflow.Block : TopicOverflow.DropOldest;
        int loans = Enumerable.Range(0, layout.Pins).Count(pin => words.Load(layout.Pin(seat, pin)) != TopicPin.None);
        ulong lost = words.Load(layout.Lost(seat));
        return new(slot, ParticipantIn(slot), overflow, loans, lost == TopicLayout.NotBegun ? 0 : (long)lost);
    }
}

using System.Globalization;

namespace Isthmus.Cli.Stress.Families;

/// <summary>Lets those go who wait for a sample, and counts the places at the end.</summary>
internal sealed class TopicReferee(StressPlace place) : StressReferee
{
    private Topic? _topic;
    private Publisher? _publisher;
    private long _count;
    private bool _arePublishersThere;

    public override void Look(IReadOnlyList<long> live, TimeSpan granted) =>
        _arePublishersThere = live.Any(id => TopicFamily.Publishes(place.Ledger[id].Seat) && place.Ledger[id].Phase != WorkerPhase.Starting);

    public override bool HasReason(LedgerRecord record) => !TopicFamily.Publishes(record.Seat) && !_arePublishersThere;

    public override void Release()
    {
        _topic ??= Open();
        if (!TryBegin(_topic))
        {
            return;
        }
        TopicMessage message = new(0, 0, _count, _publisher!.Published);
        byte[] sample = new byte[message.Size];
        message.Write(sample);
        _count += _publisher.TryPublish(sample) ? 1 : 0;
    }

    public override IReadOnlyList<(string Name, long Value)> Close()
    {
        Dispose();
        using Topic topic = Open();
        TopicStatus status = topic.GetStatus();
        if (status.Subscribers.Count > 0 || status.Publishers.Any(publisher => publisher.Slot is not null))
        {
            throw new StressViolationException("Nobody is there any more, and somebody has a place still.");
        }
        Publisher[] publishers = [.. Enumerable.Range(0, topic.MaxPublishers).Select(_ => topic.CreatePublisher())];
        Subscriber[] subscribers = [.. Enumerable.Range(0, topic.MaxSubscribers).Select(_ => topic.CreateSubscriber(new() { Overflow = TopicOverflow.Block }))];
        CheckRoom(topic, publishers, subscribers);
        Array.ForEach(publishers, publisher => publisher.Dispose());
        Array.ForEach(subscribers, subscriber => subscriber.Dispose());
        return
        [
            ("published", place.Ledger.Shared(TopicFamily.PublishedWord)), ("received", place.Ledger.Shared(TopicFamily.ReceivedWord)),
            ("lost and told", place.Ledger.Shared(TopicFamily.LostWord)),
        ];
    }

    public override void Dispose()
    {
        _publisher?.Dispose();
        _topic?.Dispose();
        (_publisher, _topic) = (null, null);
        base.Dispose();
    }

    // Not while all places are those of others, who are about to leave them.
    private bool TryBegin(Topic topic)
    {
        try
        {
            _publisher ??= topic.CreatePublisher();
            return true;
        }
        catch (PosixException error) when (error.Errno == Errno.EUSERS)
        {
            return false;
        }
    }

    // Each publisher has all its slots, and each subscriber gets what stands there.
    private static void CheckRoom(Topic topic, Publisher[] publishers, Subscriber[] subscribers)
    {
        foreach (Publisher publisher in publishers)
        {
            int room = 0;
            while (publisher.TryPublish([1]))
            {
                room++;
            }
            if (room != topic.SlotsPerPublisher)
            {
                throw Violation($"There was room for {topic.SlotsPerPublisher} samples, and now there is for {room}.");
            }
        }
        foreach (Subscriber subscriber in subscribers)
        {
            int received = 0;
            while (subscriber.TryReceive(new byte[topic.MaxSampleSize], out _))
            {
                received++;
            }
            if (received != publishers.Length * topic.SlotsPerPublisher)
            {
                throw Violation($"{publishers.Length * topic.SlotsPerPublisher} samples were published, and {received} came.");
            }
        }
    }

    private Topic Open() => Topic.Open(TopicFamily.ObjectName, place.Options(new SharedObjectOptions()));

    private static StressViolationException Violation(FormattableString message) => new(message.ToString(CultureInfo.InvariantCulture));
}

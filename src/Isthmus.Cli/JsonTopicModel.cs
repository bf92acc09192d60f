namespace Isthmus.Cli;

/// <summary>Of <c>topic info</c>; sizes in bytes.</summary>
internal sealed record JsonTopicInfo : JsonSharedInfo
{
    public JsonTopicInfo(TopicStatus status)
        : base("topic", status)
    {
        (MaxSampleSize, MaxPublishers, MaxSubscribers, MaxLoans) = (status.MaxSampleSize, status.MaxPublishers, status.MaxSubscribers, status.MaxLoans);
        (Buffer, History, SlotsPerPublisher) = (status.Buffer, status.History, status.SlotsPerPublisher);
        Publishers = [.. status.Publishers.Select(each => new JsonTopicPublisher(ProcessOf(each.Participant), each.Index, each.Slot, each.Published))];
        Subscribers =
        [
            .. status.Subscribers.Select(each => new JsonTopicSubscriber(
                ProcessOf(each.Participant), each.Slot, each.Overflow == TopicOverflow.Block ? "block" : "drop_oldest", each.Loans, each.Lost)),
        ];
    }

    public int MaxSampleSize { get; }

    public int MaxPublishers { get; }

    public int MaxSubscribers { get; }

    public int MaxLoans { get; }

    public int Buffer { get; }

    public int History { get; }

    public int SlotsPerPublisher { get; }

    public IReadOnlyList<JsonTopicPublisher> Publishers { get; }

    public IReadOnlyList<JsonTopicSubscriber> Subscribers { get; }
}

/// <summary>Who publishes or has published; slot is null when nobody does any more, process when it is not known.</summary>
internal sealed record JsonTopicPublisher(JsonProcess? Process, int Index, int? Slot, long Published);

/// <summary>Who subscribes; overflow is block or drop_oldest, process is null when it is not known.</summary>
internal sealed record JsonTopicSubscriber(JsonProcess? Process, int Slot, string Overflow, int Loans, long Lost);

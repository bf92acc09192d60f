namespace Isthmus;

/// <summary>The kinds of segments that are channels, and how full each says that it is: a new kind gets its line here.</summary>
internal static class ChannelKinds
{
    private const uint First = 20, Last = 29;

    public static bool IsChannel(uint kind) => kind is >= First and <= Last;

    /// <summary>How full it is; null when that could not be read, or has changed hands meanwhile.</summary>
    public static SharedChannelFill? TryGetFill(SharedObjectEntry entry, SharedObjectOptions options) => TryGetFill(entry.KindId, entry.Name, options);

    /// <inheritdoc cref="TryGetFill(SharedObjectEntry, SharedObjectOptions)"/>
    public static SharedChannelFill? TryGetFill(uint kindId, string name, SharedObjectOptions options)
    {
        try
        {
            return kindId switch
            {
                var kind when kind == QueueCore.Kind.Id => Of(SharedQueue.GetStatus(name, options)),
                var kind when kind == Topic.Kind.Id => Of(Topic.GetStatus(name, options)),
                var kind when kind == RequestSetup.Kind.Id => Of(RequestClient.GetStatus(name, options)),
                var kind when kind == SharedStream.Kind.Id => Of(SharedStream.GetStatus(name, options)),
                _ => null,
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or OverflowException)
        {
            return null; // Counts that somebody has scribbled over may have no sum.
        }
    }

    private static SharedChannelFill Of(SharedQueueStatus queue) => new(
        queue.UsedBytes, (long)queue.MaxProducers * queue.Priorities * queue.LaneCapacity, queue.Lanes.Sum(static lane => lane.SentBytes),
        SharedChannelUnit.Bytes);

    // What it holds is what somebody who comes now can still have.
    private static SharedChannelFill Of(TopicStatus topic) => new(
        topic.Publishers.Sum(publisher => Math.Min(publisher.Published, topic.History)), (long)topic.MaxPublishers * topic.SlotsPerPublisher,
        topic.Publishers.Sum(static publisher => publisher.Published), SharedChannelUnit.Messages);

    private static SharedChannelFill Of(RequestStatus request) => new(
        request.CallsWaiting + request.CallsServed, (long)request.MaxParticipants * request.MaxCalls, null, SharedChannelUnit.Messages);

    private static SharedChannelFill Of(SharedStreamStatus stream) => new(
        stream.First.BytesUnread + stream.Second.BytesUnread, 2L * stream.CapacityBytes, stream.First.BytesWritten + stream.Second.BytesWritten,
        SharedChannelUnit.Bytes);
}

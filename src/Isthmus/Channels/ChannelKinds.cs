namespace Isthmus;

/// <summary>The kinds of segments that are channels, and how full each says that it is: a new kind gets its line here.</summary>
internal static class ChannelKinds
{
    private const uint First = 20, Last = 29;

    public static bool IsChannel(uint kind) => kind is >= First and <= Last;

    /// <summary>How full it is; null when that could not be read, or has changed hands meanwhile.</summary>
    public static SharedChannelFill? TryGetFill(SharedObjectEntry entry, SharedObjectOptions options)
    {
        try
        {
            return entry.KindId == SharedStream.Kind.Id ? Of(SharedStream.GetStatus(entry.Name, options)) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    private static SharedChannelFill Of(SharedStreamStatus stream) => new(
        stream.First.BytesUnread + stream.Second.BytesUnread, 2L * stream.CapacityBytes, stream.First.BytesWritten + stream.Second.BytesWritten,
        SharedChannelUnit.Bytes);
}

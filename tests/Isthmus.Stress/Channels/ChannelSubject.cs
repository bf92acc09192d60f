using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Stress.Channels;

/// <summary>A kind of channel, as those families see it that damage, or wear out, its memory.</summary>
internal abstract class ChannelSubject
{
    /// <summary>How many each is made for.</summary>
    public const int Participants = 4;

    protected const string LiveName = "soak";

    public static IReadOnlyList<ChannelSubject> All { get; } =
    [
        new QueueChannel(false), new QueueChannel(true), new TopicChannel(), new RequestChannel(), new StreamChannel(),
    ];

    public abstract string Name { get; }

    /// <summary>A channel without a name, in the middle of its use, as it stands in memory.</summary>
    public abstract byte[] MakeImage();

    /// <summary>Opens a channel and uses it in every way; what it throws must be what the documentation says.</summary>
    /// <param name="memory">Whatever stands in it.</param>
    /// <param name="patience">How long each wait may last.</param>
    public abstract void Use(SafeHandle memory, TimeSpan patience);

    /// <summary>Makes a channel, sends so many messages through it and receives them, and is gone.</summary>
    /// <param name="messages">How many.</param>
    /// <param name="directory">Where its name stands.</param>
    /// <returns>How many were received as they were sent.</returns>
    public abstract long Live(long messages, string directory);

    /// <summary>Whether it is one of the errors that the documentation names for memory that is not as it should be.</summary>
    public static bool IsDocumented(Exception error) =>
        // The last one says that a message is longer than the buffer.
        error is InvalidDataException or IOException or UnauthorizedAccessException or ObjectDisposedException or TimeoutException
            || error.GetType() == typeof(ArgumentException);

    // Its participants are gone, and were no attachments of this process: their doorbells are others that nobody has.
    protected static byte[] Copy(SafeFileHandle memory)
    {
        byte[] image = new byte[RandomAccess.GetLength(memory)];
        RandomAccess.Read(memory, image, 0);
        for (int slot = 0; slot < Participants; slot++)
        {
            ref RosterRecord record = ref MemoryMarshal.AsRef<RosterRecord>(image.AsSpan(SegmentLayout.Record(slot)));
            record.Bell = ProcessStamp.GuidBytes.From(Guid.NewGuid());
        }
        return image;
    }
}

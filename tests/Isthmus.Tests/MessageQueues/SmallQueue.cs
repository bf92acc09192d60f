using Isthmus.Tests.Harness;

namespace Isthmus.Tests.MessageQueues;

/// <summary>Queues that take little of what the user may have (RLIMIT_MSGQUEUE): other test programs may run beside this one.</summary>
internal static class SmallQueue
{
    public const int Messages = 4;
    public const int Size = 64;

    public static PosixMessageQueueOptions Options { get; } = new() { MaxMessages = Messages, MaxMessageSize = Size };

    public static PosixMessageQueue Create(QueueName name) => PosixMessageQueue.Create(name, Options);

    /// <summary>Fills it to the last place.</summary>
    public static void Fill(PosixMessageQueue queue)
    {
        while (queue.TrySend("filler"u8))
        {
        }
    }
}

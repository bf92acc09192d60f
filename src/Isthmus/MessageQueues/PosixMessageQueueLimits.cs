using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// What this machine allows for POSIX message queues (<c>mq_overview(7)</c>, <c>/proc/sys/fs/mqueue</c>): limits of the ipc namespace, which a
/// process with <c>CAP_SYS_RESOURCE</c> may exceed.
/// </summary>
/// <param name="MaxQueues">How many queues there may be.</param>
/// <param name="MaxMessages">The most messages that a queue may be made for.</param>
/// <param name="MaxMessageSize">The longest message in bytes that a queue may be made for.</param>
/// <param name="DefaultMessages">How many messages a queue is made for when nothing is said.</param>
/// <param name="DefaultMessageSize">How long its messages may be then, in bytes.</param>
public sealed record PosixMessageQueueLimits(
    int MaxQueues, int MaxMessages, int MaxMessageSize, int DefaultMessages, int DefaultMessageSize)
{
    internal const string QueuesName = "fs.mqueue.queues_max", MessagesName = "fs.mqueue.msg_max", SizeName = "fs.mqueue.msgsize_max";

    /// <summary>Reads them; those that the system does not show are the kernel's own defaults.</summary>
    public static PosixMessageQueueLimits Read()
    {
        int messages = Read(MessagesName, 10);
        int size = Read(SizeName, 8192);
        return new PosixMessageQueueLimits(
            Read(QueuesName, 256), messages, size,
            Math.Min(messages, Read("fs.mqueue.msg_default", 10)), Math.Min(size, Read("fs.mqueue.msgsize_default", 8192)));
    }

    private static int Read(string name, int otherwise) => (int)(Sysctl.Read(name) ?? otherwise);
}

using Isthmus.Native;

namespace Isthmus;

/// <summary>What this machine allows for System V message queues (<c>/proc/sys/kernel</c>): limits of the ipc namespace.</summary>
/// <param name="MaxQueues">How many queues there may be (<c>msgmni</c>).</param>
/// <param name="MaxMessageSize">The longest message in bytes (<c>msgmax</c>).</param>
/// <param name="MaxBytes">How many bytes may wait in a queue, unless a privileged process raises it (<c>msgmnb</c>).</param>
public sealed record SystemVMessageQueueLimits(int MaxQueues, int MaxMessageSize, int MaxBytes)
{
    internal const string QueuesName = "kernel.msgmni", SizeName = "kernel.msgmax", BytesName = "kernel.msgmnb";

    /// <summary>Reads them; those that the system does not show are the kernel's own defaults.</summary>
    public static SystemVMessageQueueLimits Read() => new(Read(QueuesName, 32000), Read(SizeName, 8192), Read(BytesName, 16384));

    private static int Read(string name, int otherwise) => (int)(Sysctl.Read(name) ?? otherwise);
}

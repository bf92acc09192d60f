using Isthmus.Native;

namespace Isthmus.Inspection;

/// <summary>
/// The POSIX message queues of this ipc namespace by name: from <c>/dev/mqueue</c>, or as root from a mount that nobody else sees. Without
/// either, only the queues that somebody has open are known.
/// </summary>
internal static class MessageQueueNames
{
    private const string Mounted = "/dev/mqueue";

    /// <summary>False where the names cannot be listed.</summary>
    public static bool TryList(List<ObjectNode> queues)
    {
        if (FileSystems.MagicOf(Mounted) == LibC.MQUEUE_MAGIC)
        {
            return TryList(Mounted, queues);
        }
        string? path = FileSystems.TryMountMessageQueues(out IDisposable? mount);
        using (mount)
        {
            return path is not null && TryList(path, queues);
        }
    }

    public static ObjectNode WithMessages(ObjectNode node, string path) => FileSystems.MessageQueueAt(path) is { } attributes
        ? node with { Fill = attributes.mq_curmsgs, Capacity = attributes.mq_maxmsg, Size = attributes.mq_msgsize * attributes.mq_maxmsg }
        : node with { Size = null };

    private static bool TryList(string directory, List<ObjectNode> queues)
    {
        try
        {
            foreach (string path in Directory.EnumerateFiles(directory))
            {
                // Unlinked meanwhile: it is among those that are open, or gone.
                if (FileStatus.TryAt(path, out LibC.statx status))
                {
                    NodeId id = NodeId.Of(NodeKind.PosixMessageQueue, status.stx_ino);
                    queues.Add(WithMessages(
                        new ObjectNode(id, "/" + Path.GetFileName(path))
                        {
                            UserId = status.stx_uid,
                            GroupId = status.stx_gid,
                            Mode = (UnixFileMode)(status.stx_mode & 0xFFF),
                        },
                        path));
                }
            }
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

using Microsoft.Win32.SafeHandles;

namespace Isthmus.Native;

/// <summary>Which file system something stands on, and the one that holds the POSIX message queues.</summary>
internal static unsafe class FileSystems
{
    /// <summary>The magic number of the file system behind a path; null when it cannot be asked (<c>statfs(2)</c>).</summary>
    public static long? MagicOf(string path)
    {
        LibC.statfs status;
        return LibC.statfs_at(path, &status) == 0 ? status.f_type : null;
    }

    /// <summary>
    /// What a message queue holds and may hold, by the path of its file; null when it cannot be asked. Looking disturbs nobody.
    /// </summary>
    public static LibC.mq_attr? MessageQueueAt(string path)
    {
        using SafeFileHandle queue = LibC.open(path, LibC.O_RDONLY | LibC.O_NONBLOCK | LibC.O_CLOEXEC);
        LibC.mq_attr attributes;
        return !queue.IsInvalid && LibC.mq_getattr(queue, &attributes) == 0 ? attributes : null;
    }

    /// <summary>
    /// The message queues of this ipc namespace as a directory that is mounted nowhere (<c>mq_overview(7)</c>); null without the right to
    /// (CAP_SYS_ADMIN), and before Linux 5.2.
    /// </summary>
    public static string? TryMountMessageQueues(out IDisposable? mount)
    {
        mount = null;
        using SafeFileHandle context = LibC.fsopen("mqueue", LibC.FSOPEN_CLOEXEC);
        if (context.IsInvalid || LibC.fsconfig_create(context) != 0)
        {
            return null;
        }
        SafeFileHandle directory = LibC.fsmount(context, LibC.FSMOUNT_CLOEXEC);
        if (directory.IsInvalid)
        {
            directory.Dispose();
            return null;
        }
        mount = directory;
        return $"/proc/self/fd/{directory.DangerousGetHandle()}";
    }
}

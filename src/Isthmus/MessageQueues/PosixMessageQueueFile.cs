using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>The names of POSIX message queues: made with their mode, opened only when their owner may be trusted.</summary>
internal static class PosixMessageQueueFile
{
    public static SafeFileHandle Create(string name, PosixMessageQueueOptions options) =>
        TryCreate(name, options) ?? throw PosixException.From(
            Errno.EEXIST, "mq_open", name, "Open it, unlink it, or choose another name");

    /// <summary>Null when the name is taken.</summary>
    public static unsafe SafeFileHandle? TryCreate(string name, PosixMessageQueueOptions options)
    {
        bool isDefault = options is { MaxMessages: null, MaxMessageSize: null };
        LibC.mq_attr attributes = isDefault ? default : Attributes(options);
        int flags = Access(options.Access) | LibC.O_CREAT | LibC.O_EXCL | LibC.O_CLOEXEC;
        SafeFileHandle handle = LibC.mq_open(PosixName.Check(name), flags, (uint)options.Mode, isDefault ? null : &attributes);
        if (!handle.IsInvalid)
        {
            return WithMode(handle, name, options.Mode);
        }
        Errno errno = Errno.Last;
        handle.Dispose();
        return errno == Errno.EEXIST ? null : throw PosixException.From(errno, "mq_open", name, Hint(errno, Attributes(options)));
    }

    public static SafeFileHandle Open(string name, FileAccess access, bool anyOwner) =>
        TryOpen(name, access, anyOwner) ?? throw PosixException.From(Errno.ENOENT, "mq_open", name);

    /// <summary>Null when there is no such name.</summary>
    public static unsafe SafeFileHandle? TryOpen(string name, FileAccess access, bool anyOwner)
    {
        SafeFileHandle handle = LibC.mq_open(PosixName.Check(name), Access(access) | LibC.O_CLOEXEC, 0, null);
        if (!handle.IsInvalid)
        {
            return anyOwner ? handle : OfTrustedOwner(handle, name);
        }
        Errno errno = Errno.Last;
        handle.Dispose();
        return errno == Errno.ENOENT ? null : throw PosixException.From(errno, "mq_open", name);
    }

    // The umask can only have taken permissions away: nobody ever sees it wider than asked for.
    private static SafeFileHandle WithMode(SafeFileHandle handle, string name, UnixFileMode mode)
    {
        if (LibC.fchmod(handle, (uint)mode) == 0)
        {
            return handle;
        }
        Errno errno = Errno.Last;
        handle.Dispose();
        LibC.mq_unlink(name);
        throw PosixException.From(errno, "fchmod", name);
    }

    private static SafeFileHandle OfTrustedOwner(SafeFileHandle handle, string name)
    {
        try
        {
            FileStatus.RequireTrustedOwner(FileStatus.Of(handle, name), "mq_open", name);
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static LibC.mq_attr Attributes(PosixMessageQueueOptions options)
    {
        if (options is { MaxMessages: { } messages, MaxMessageSize: { } size })
        {
            return new() { mq_maxmsg = messages, mq_msgsize = size };
        }
        PosixMessageQueueLimits limits = PosixMessageQueueLimits.Read();
        return new()
        {
            mq_maxmsg = options.MaxMessages ?? limits.DefaultMessages,
            mq_msgsize = options.MaxMessageSize ?? limits.DefaultMessageSize,
        };
    }

    private static int Access(FileAccess access) => access switch
    {
        FileAccess.Read => LibC.O_RDONLY,
        FileAccess.Write => LibC.O_WRONLY,
        FileAccess.ReadWrite => LibC.O_RDWR,
        _ => throw new ArgumentOutOfRangeException(nameof(access), access, "A queue is opened to read (receive), to write (send), or both."),
    };

    private static string? Hint(Errno errno, LibC.mq_attr wanted) => errno switch
    {
        Errno.EINVAL =>
            $"{wanted.mq_maxmsg} messages of {wanted.mq_msgsize} bytes were asked for; here a queue may hold at most "
            + $"{Sysctl.Describe(PosixMessageQueueLimits.MessagesName)} messages of {Sysctl.Describe(PosixMessageQueueLimits.SizeName)} bytes",
        Errno.ENOSPC => $"There are already as many queues as may be, {Sysctl.Describe(PosixMessageQueueLimits.QueuesName)}: unlink some that nobody needs",
        Errno.EMFILE =>
            $"Either the queues of this user would take more than {SoftLimit(LibC.RLIMIT_MSGQUEUE)} bytes (RLIMIT_MSGQUEUE; this one counts about "
            + $"{Footprint(wanted)}), or this process has {SoftLimit(LibC.RLIMIT_NOFILE)} descriptors (RLIMIT_NOFILE)",
        _ => null,
    };

    // The kernel counts the messages' own bytes, and for each message two records of 48 bytes (getrlimit(2)).
    private static long Footprint(LibC.mq_attr queue) => queue.mq_maxmsg * (queue.mq_msgsize + 96);

    private static unsafe string SoftLimit(int resource)
    {
        LibC.rlimit limit;
        LibC.Check(LibC.prlimit(0, resource, null, &limit));
        return limit.rlim_cur == LibC.RLIM_INFINITY ? "unlimited" : $"{limit.rlim_cur}";
    }
}

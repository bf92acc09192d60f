using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Native;

// mqueue.h. On Linux an mqd_t is a descriptor.
internal static partial class LibC
{
    public const int MQ_PRIO_MAX = 32768;

    // Of linux/mqueue.h, which no program can include beside mqueue.h; so not held against it.
    internal const int NOTIFY_WOKENUP = 1, NOTIFY_REMOVED = 2, NOTIFY_COOKIE_LEN = 32;

    [StructLayout(LayoutKind.Sequential, Size = 64)]
    public struct mq_attr
    {
        public long mq_flags;
        public long mq_maxmsg;
        public long mq_msgsize;
        public long mq_curmsgs;
    }

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial SafeFileHandle mq_open(string name, int flags, uint mode, mq_attr* attributes);

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mq_unlink(string name);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int mq_getattr(SafeHandle queue, mq_attr* attributes);

    /// <summary>Without a deadline it is <c>mq_send</c>.</summary>
    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int mq_timedsend(SafeHandle queue, void* message, nuint length, uint priority, timespec* deadline);

    /// <summary>Without a deadline it is <c>mq_receive</c>.</summary>
    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial nint mq_timedreceive(SafeHandle queue, void* buffer, nuint length, uint* priority, timespec* deadline);
}

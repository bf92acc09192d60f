using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Native;

// sys/socket.h
internal static partial class LibC
{
    public const int AF_UNIX = 1, AF_NETLINK = 16;
    public const int SOCK_STREAM = 1, SOCK_DGRAM = 2, SOCK_RAW = 3, SOCK_SEQPACKET = 5, SOCK_NONBLOCK = 0x800, SOCK_CLOEXEC = 0x80000;
    public const int SOL_SOCKET = 1;
    public const int SO_TYPE = 3, SO_ERROR = 4, SO_SNDBUF = 7, SO_RCVBUF = 8, SO_PASSCRED = 16, SO_PEERCRED = 17, SO_ACCEPTCONN = 30;
    public const int SO_PROTOCOL = 38, SO_DOMAIN = 39;
    // Newer than the headers that the tests compile against (Linux 6.5), so not held against them.
    internal const int SO_PEERPIDFD = 77, SCM_PIDFD = 4;
    public const int SCM_RIGHTS = 1, SCM_CREDENTIALS = 2;
    public const int MSG_PEEK = 2, MSG_CTRUNC = 8, MSG_TRUNC = 0x20, MSG_DONTWAIT = 0x40, MSG_EOR = 0x80, MSG_NOSIGNAL = 0x4000;
    public const int MSG_CMSG_CLOEXEC = 0x40000000;
    public const int SHUT_RD = 0, SHUT_WR = 1, SHUT_RDWR = 2;
    public const int SOMAXCONN = 4096;

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct msghdr
    {
        public void* msg_name;
        public uint msg_namelen;
        public iovec* msg_iov;
        public nuint msg_iovlen;
        public void* msg_control;
        public nuint msg_controllen;
        public int msg_flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct cmsghdr
    {
        public nuint cmsg_len;
        public int cmsg_level;
        public int cmsg_type;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct ucred
    {
        public int pid;
        public uint uid;
        public uint gid;
    }

    [LibraryImport(Libc, SetLastError = true)]
    public static partial SafeFileHandle socket(int domain, int type, int protocol);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int socketpair(int domain, int type, int protocol, int* fds);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int bind(SafeHandle fd, void* address, uint length);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int connect(SafeHandle fd, void* address, uint length);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int listen(SafeHandle fd, int backlog);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial SafeFileHandle accept4(SafeHandle fd, void* address, uint* length, int flags);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int getsockname(SafeHandle fd, void* address, uint* length);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int getpeername(SafeHandle fd, void* address, uint* length);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int getsockopt(SafeHandle fd, int level, int option, void* value, uint* length);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int setsockopt(SafeHandle fd, int level, int option, void* value, uint length);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial nint send(SafeHandle fd, void* buffer, nuint length, int flags);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial nint recv(SafeHandle fd, void* buffer, nuint length, int flags);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial nint sendmsg(SafeHandle fd, msghdr* message, int flags);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial nint recvmsg(SafeHandle fd, msghdr* message, int flags);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int shutdown(SafeHandle fd, int how);
}

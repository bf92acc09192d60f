using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Native;

// sys/epoll.h
internal static partial class LibC
{
    public const int EPOLL_CLOEXEC = 0x80000;
    public const int EPOLL_CTL_ADD = 1, EPOLL_CTL_DEL = 2, EPOLL_CTL_MOD = 3;
    public const uint EPOLLIN = 1, EPOLLPRI = 2, EPOLLOUT = 4, EPOLLERR = 8, EPOLLHUP = 16, EPOLLRDHUP = 0x2000;
    public const uint EPOLLONESHOT = 1u << 30, EPOLLET = 1u << 31;

    internal static partial class X64
    {
        /// <summary>The kernel packs this struct on x86-64, so that the 32-bit layout serves too.</summary>
        [StructLayout(LayoutKind.Sequential, Pack = 1)]
        public struct epoll_event
        {
            public uint events;
            public ulong data;
        }
    }

    internal static partial class Arm64
    {
        [StructLayout(LayoutKind.Sequential)]
        public struct epoll_event
        {
            public uint events;
            public ulong data;
        }
    }

    [LibraryImport(Libc, SetLastError = true)]
    public static partial SafeFileHandle epoll_create1(int flags);

    [LibraryImport(Libc, SetLastError = true)]
    private static unsafe partial int epoll_ctl(SafeHandle epoll, int operation, SafeHandle fd, void* epollEvent);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int epoll_wait(SafeHandle epoll, void* events, int count, int timeoutMs);

    public static unsafe int epoll_ctl(SafeHandle epoll, int operation, SafeHandle fd, uint events, ulong data)
    {
        if (IsArm64)
        {
            Arm64.epoll_event wide = new() { events = events, data = data };
            return epoll_ctl(epoll, operation, fd, &wide);
        }
        X64.epoll_event packed = new() { events = events, data = data };
        return epoll_ctl(epoll, operation, fd, &packed);
    }
}

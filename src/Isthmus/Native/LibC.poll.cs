using System.Runtime.InteropServices;

namespace Isthmus.Native;

// poll.h
internal static partial class LibC
{
    public const short POLLIN = 1, POLLPRI = 2, POLLOUT = 4, POLLERR = 8, POLLHUP = 16, POLLNVAL = 32;

    [StructLayout(LayoutKind.Sequential)]
    public struct pollfd
    {
        public int fd;
        public short events;
        public short revents;
    }

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int ppoll(pollfd* fds, nuint count, timespec* timeout, sigset_t* mask);
}

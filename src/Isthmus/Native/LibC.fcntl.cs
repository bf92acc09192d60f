using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Native;

// fcntl.h
internal static partial class LibC
{
    public const int O_RDONLY = 0, O_WRONLY = 1, O_RDWR = 2, O_ACCMODE = 3;
    public const int O_CREAT = 0x40, O_EXCL = 0x80, O_NOCTTY = 0x100, O_TRUNC = 0x200, O_APPEND = 0x400;
    public const int O_NONBLOCK = 0x800, O_CLOEXEC = 0x80000, O_PATH = 0x200000;

    public const int F_DUPFD_CLOEXEC = 1030, F_GETFD = 1, F_SETFD = 2, F_GETFL = 3, F_SETFL = 4, FD_CLOEXEC = 1;
    public const int F_SETOWN = 8, F_SETSIG = 10, F_SETLEASE = 1024, F_GETLEASE = 1025;
    public const int F_GETLK = 5, F_SETLK = 6, F_SETLKW = 7, F_OFD_GETLK = 36, F_OFD_SETLK = 37, F_OFD_SETLKW = 38;
    public const short F_RDLCK = 0, F_WRLCK = 1, F_UNLCK = 2;
    public const int F_SETPIPE_SZ = 1031, F_GETPIPE_SZ = 1032;
    public const int F_ADD_SEALS = 1033, F_GET_SEALS = 1034;
    public const int F_SEAL_SEAL = 1, F_SEAL_SHRINK = 2, F_SEAL_GROW = 4, F_SEAL_WRITE = 8, F_SEAL_FUTURE_WRITE = 16;

    public const int AT_FDCWD = -100, AT_SYMLINK_NOFOLLOW = 0x100, AT_REMOVEDIR = 0x200, AT_SYMLINK_FOLLOW = 0x400, AT_EMPTY_PATH = 0x1000;
    public const int AT_EACCESS = 0x200, AT_STATX_DONT_SYNC = 0x4000;
    public const uint SPLICE_F_MOVE = 1, SPLICE_F_NONBLOCK = 2, SPLICE_F_MORE = 4, SPLICE_F_GIFT = 8;

    internal static partial class X64
    {
        public const int O_DIRECT = 0x4000, O_DIRECTORY = 0x10000, O_NOFOLLOW = 0x20000, O_TMPFILE = 0x410000;
    }

    internal static partial class Arm64
    {
        public const int O_DIRECT = 0x10000, O_DIRECTORY = 0x4000, O_NOFOLLOW = 0x8000, O_TMPFILE = 0x404000;
    }

    public static int O_DIRECT => IsArm64 ? Arm64.O_DIRECT : X64.O_DIRECT;

    public static int O_DIRECTORY => IsArm64 ? Arm64.O_DIRECTORY : X64.O_DIRECTORY;

    public static int O_NOFOLLOW => IsArm64 ? Arm64.O_NOFOLLOW : X64.O_NOFOLLOW;

    public static int O_TMPFILE => IsArm64 ? Arm64.O_TMPFILE : X64.O_TMPFILE;

    /// <summary>A lock on a range of bytes, as the <c>LK</c> commands of fcntl take it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct flock
    {
        public short l_type;
        public short l_whence;
        public long l_start;
        public long l_len;
        public int l_pid;
    }

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle open(string path, int flags, uint mode = 0);

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle openat(SafeHandle directory, string path, int flags, uint mode = 0);

    [LibraryImport(Libc, EntryPoint = "openat", SetLastError = true)]
    public static unsafe partial SafeFileHandle openat_bytes(SafeHandle directory, byte* path, int flags, uint mode);

    [LibraryImport(Libc, EntryPoint = "openat", SetLastError = true)]
    public static unsafe partial int openat_number(SafeHandle directory, byte* path, int flags, uint mode);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int fcntl(SafeHandle fd, int command, int argument = 0);

    [LibraryImport(Libc, EntryPoint = "fcntl", SetLastError = true)]
    public static partial int fcntl(int fd, int command, int argument = 0);

    [LibraryImport(Libc, EntryPoint = "fcntl", SetLastError = true)]
    public static unsafe partial int fcntl(SafeHandle fd, int command, flock* argument);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int posix_fallocate(SafeHandle fd, long offset, long length);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial nint splice(
        SafeHandle fdIn, long* offsetIn, SafeHandle fdOut, long* offsetOut, nuint length, uint flags);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial nint tee(SafeHandle fdIn, SafeHandle fdOut, nuint length, uint flags);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial nint vmsplice(SafeHandle fd, iovec* vectors, nuint count, uint flags);
}

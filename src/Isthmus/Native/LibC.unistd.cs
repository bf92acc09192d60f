using System.Runtime.InteropServices;

namespace Isthmus.Native;

// unistd.h
internal static partial class LibC
{
    public const int _SC_PAGESIZE = 30, _SC_NPROCESSORS_ONLN = 84, _SC_CLK_TCK = 2, _SC_ARG_MAX = 0;
    public const int X_OK = 1;

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial nint read(SafeHandle fd, byte* buffer, nuint count);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial nint read(int fd, byte* buffer, nuint count);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial nint write(SafeHandle fd, byte* buffer, nuint count);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial nint pread(SafeHandle fd, byte* buffer, nuint count, long offset);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial nint readlinkat(SafeHandle directory, byte* path, byte* buffer, nuint count);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int close(int fd);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int pipe2(int* fds, int flags);

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int unlink(string path);

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int unlinkat(SafeHandle directory, string path, int flags);

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int linkat(int oldDirectory, string oldPath, int newDirectory, string newPath, int flags);

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int lchown(string path, uint owner, uint group);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int ftruncate(SafeHandle fd, long length);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int fsync(SafeHandle fd);

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int access(string path, int mode);

    /// <summary>Declared in unistd.h, its flags in fcntl.h.</summary>
    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int faccessat(int directory, string path, int mode, int flags);

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int chdir(string path);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int execve(byte* path, byte** arguments, byte** environment);

    [LibraryImport(Libc)]
    public static partial int getpid();

    [LibraryImport(Libc)]
    public static partial int gettid();

    [LibraryImport(Libc)]
    public static partial int getppid();

    [LibraryImport(Libc)]
    public static partial uint getuid();

    [LibraryImport(Libc)]
    public static partial uint geteuid();

    [LibraryImport(Libc)]
    public static partial uint getgid();

    [LibraryImport(Libc)]
    public static partial uint getegid();

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int setpgid(int pid, int group);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int getpgid(int pid);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int getsid(int pid);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int tcsetpgrp(SafeHandle terminal, int group);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int tcgetpgrp(SafeHandle terminal);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int isatty(SafeHandle fd);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial long sysconf(int name);
}

using System.Runtime.InteropServices;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// The lock of a directory (<c>flock(2)</c>), which they take who remove names in it: what was found at a name is still there when it is removed. It is
/// no file of its own, and gone when its holder is.
/// </summary>
internal static class DirectoryLock
{
    // Bounded, because anybody who may read the directory may hold it.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Takes the lock; disposing the handle gives it back.</summary>
    /// <param name="directory">Its full path.</param>
    /// <exception cref="PosixException"><c>EAGAIN</c>: another process holds it for five seconds.</exception>
    public static SafeFileHandle Take(string directory) => Take(LibC.Check(LibC.open(directory, Flags | LibC.O_NOFOLLOW), directory), directory);

    /// <inheritdoc cref="Take(string)"/>
    /// <param name="directory">Held open, perhaps as a path only.</param>
    /// <param name="name">For errors.</param>
    public static SafeFileHandle Take(SafeHandle directory, string name) => Take(LibC.Check(LibC.openat(directory, ".", Flags), name), name);

    private static int Flags => LibC.O_RDONLY | LibC.O_CLOEXEC | LibC.O_DIRECTORY;

    private static SafeFileHandle Take(SafeFileHandle handle, string name)
    {
        Deadline deadline = Deadline.After(s_patience);
        Backoff backoff = default;
        while (LibC.flock_on(handle, LibC.LOCK_EX | LibC.LOCK_NB) < 0)
        {
            Errno errno = Errno.Last;
            if (errno is not (Errno.EAGAIN or Errno.EINTR) || !backoff.Sleep(deadline))
            {
                handle.Dispose();
                throw PosixException.From(errno, "flock", name, "Another process keeps the directory locked; see 'lslocks'.");
            }
        }
        return handle;
    }
}

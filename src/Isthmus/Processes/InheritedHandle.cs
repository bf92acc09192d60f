using System.Globalization;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>Descriptors that this process was started with, as <see cref="ChildProcessOptions.Descriptors"/> hands
/// them to a child.</summary>
public static class InheritedHandle
{
    private const int FirstNumber = 3;

    /// <summary>
    /// Takes over the open descriptor <paramref name="number"/> (3 or more) and marks it close-on-exec, so that it
    /// goes no further. Each
    /// can be taken once. Descriptors that this process has opened itself are told apart: they are close-on-exec already.
    /// </summary>
    /// <param name="number">3 or more: 0, 1 and 2 belong to <see cref="Console"/>.</param>
    /// <exception cref="PosixException"><c>EBADF</c>: it is not open; the parent did not hand it over.</exception>
    /// <exception cref="InvalidOperationException">It was taken already, or was opened by this process.</exception>
    public static SafeFileHandle Take(int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, FirstNumber);
        int flags = LibC.fcntl(number, LibC.F_GETFD);
        string name = number.ToString(CultureInfo.InvariantCulture);
        if (flags < 0)
        {
            throw PosixException.From(Errno.Last, "fcntl(F_GETFD)", name, "This process was not started with this descriptor.");
        }
        if ((flags & LibC.FD_CLOEXEC) != 0)
        {
            throw new InvalidOperationException(
                $"Descriptor {name} was taken before, or was opened by this process: it is close-on-exec, as no inherited one can be.");
        }
        LibC.Check(LibC.fcntl(number, LibC.F_SETFD, LibC.FD_CLOEXEC), name);
        return new SafeFileHandle(number, ownsHandle: true);
    }
}

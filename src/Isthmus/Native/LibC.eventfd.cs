using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Native;

// sys/eventfd.h
internal static partial class LibC
{
    public const int EFD_SEMAPHORE = 1, EFD_NONBLOCK = 0x800, EFD_CLOEXEC = 0x80000;

    [LibraryImport(Libc, SetLastError = true)]
    public static partial SafeFileHandle eventfd(uint initialValue, int flags);
}

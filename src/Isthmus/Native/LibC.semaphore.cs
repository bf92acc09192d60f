using System.Runtime.InteropServices;

namespace Isthmus.Native;

// semaphore.h. Named semaphores are opened as the files that they are: see PosixSemaphore.
internal static partial class LibC
{
    public const int SEM_VALUE_MAX = int.MaxValue;

    [StructLayout(LayoutKind.Sequential, Size = 32)]
    public struct sem_t
    {
        private readonly long __align;
    }

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int sem_init(SafeHandle semaphore, int pshared, uint value);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int sem_getvalue(SafeHandle semaphore, int* value);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int sem_wait(SafeHandle semaphore);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int sem_trywait(SafeHandle semaphore);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int sem_post(SafeHandle semaphore);

    // The two that never sleep, as lean as in C: no reference is counted, no errno kept, and the garbage collector waits for their end.

    [LibraryImport(Libc)]
    [SuppressGCTransition]
    public static partial int sem_trywait(nint semaphore);

    [LibraryImport(Libc)]
    [SuppressGCTransition]
    public static partial int sem_post(nint semaphore);
}

using System.Runtime.InteropServices;

namespace Isthmus.Native;

// linux/futex.h
internal static partial class LibC
{
    public const int FUTEX_WAKE = 1, FUTEX_WAIT_BITSET = 9;
    public const uint FUTEX_BITSET_MATCH_ANY = 0xFFFF_FFFF;

    [LibraryImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static unsafe partial nint syscall_futex(
        nint number, uint* word, int operation, uint value, timespec* timeout, uint* secondWord, uint bits);

    /// <summary>Shared between processes: without <c>FUTEX_PRIVATE_FLAG</c> a word is told by its file and place, not by its address.</summary>
    public static unsafe int futex(uint* word, int operation, uint value, timespec* timeout, uint* secondWord, uint bits) =>
        (int)syscall_futex(SYS_futex, word, operation, value, timeout, secondWord, bits);
}

using System.Runtime.InteropServices;

namespace Isthmus.Native;

// linux/kcmp.h; libc has no wrapper.
internal static partial class LibC
{
    public const int KCMP_FILE = 0, KCMP_FILES = 2;

    /// <summary>0: the same; 1, 2: the first comes before or after the second in an order that the kernel has.</summary>
    public static int kcmp(int first, int second, int type, int firstIndex, int secondIndex) =>
        (int)syscall_kcmp(SYS_kcmp, first, second, type, (nuint)firstIndex, (nuint)secondIndex);

    [LibraryImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint syscall_kcmp(nint number, int first, int second, int type, nuint firstIndex, nuint secondIndex);
}

using System.Runtime.InteropServices;

namespace Isthmus.Native;

// stdio.h
internal static partial class LibC
{
    public const uint RENAME_NOREPLACE = 1;

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int renameat2(SafeHandle oldDirectory, string oldPath, SafeHandle newDirectory, string newPath, uint flags);
}

using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// A segment as it is mapped. The mapping keeps the description that it was made from, and with it the life lock, which the kernel frees
/// exactly when nobody can write through the mapping any more. Forked children do not get it.
/// </summary>
internal sealed class SegmentMapping : MemoryMapping
{
    private SegmentMapping(nint start, long length)
        : base(start, lead: 0, length) => GC.AddMemoryPressure(length);

    public static SegmentMapping Map(SafeHandle file, long length, string? name)
    {
        nint start = LibC.mmap(0, (nuint)length, LibC.PROT_READ | LibC.PROT_WRITE, LibC.MAP_SHARED, file, 0);
        if (start == LibC.MAP_FAILED)
        {
            throw PosixException.From(Errno.Last, "mmap", name, FileMapping.Hint(Errno.Last));
        }
        SegmentMapping mapping = new(start, length);
        if (LibC.madvise(start, (nuint)length, LibC.MADV_DONTFORK) < 0)
        {
            Errno errno = Errno.Last;
            mapping.Dispose();
            throw PosixException.From(errno, "madvise", name);
        }
        return mapping;
    }

    /// <summary>As <see cref="Map"/>; null where that fails.</summary>
    public static SegmentMapping? TryMap(SafeHandle file, long length)
    {
        try
        {
            return Map(file, length, null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// Puts private memory in the segment's place, in one step: the life lock is free, and a thread in the middle of an operation touches
    /// what harms nobody. The addresses stay until nobody refers to this object any more.
    /// </summary>
    public void Detach()
    {
        const int Flags = LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS | LibC.MAP_FIXED | LibC.MAP_NORESERVE;
        nint start = LibC.mmap(handle, (nuint)Length, LibC.PROT_READ | LibC.PROT_WRITE, Flags, -1, 0);
        if (start == LibC.MAP_FAILED)
        {
            throw PosixException.From(Errno.Last, "mmap", hint: FileMapping.Hint(Errno.Last));
        }
    }

    protected override bool ReleaseHandle()
    {
        GC.RemoveMemoryPressure(Length);
        return LibC.munmap(handle, (nuint)Length) == 0;
    }
}

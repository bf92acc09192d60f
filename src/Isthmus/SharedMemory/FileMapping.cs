using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>A mapping of a part of a file (<c>mmap(2)</c>).</summary>
internal sealed class FileMapping : MemoryMapping
{
    private readonly nuint _mapped;

    private FileMapping(nint start, nint lead, long length, nuint mapped)
        : base(start, lead, length) => _mapped = mapped;

    /// <param name="file">The caller has checked that the part lies in it: touching a page beyond its end is SIGBUS.</param>
    /// <param name="offset">Need not be at a page.</param>
    /// <param name="length">At least 1.</param>
    /// <param name="access">What the descriptor must allow.</param>
    /// <param name="name">For errors.</param>
    public static FileMapping Map(SafeHandle file, long offset, long length, MemoryAccess access, string? name = null)
    {
        long lead = offset % Environment.SystemPageSize;
        nuint mapped = checked((nuint)(lead + length));
        int protection = access == MemoryAccess.Read ? LibC.PROT_READ : LibC.PROT_READ | LibC.PROT_WRITE;
        int flags = access == MemoryAccess.CopyOnWrite ? LibC.MAP_PRIVATE : LibC.MAP_SHARED;
        nint start = LibC.mmap(0, mapped, protection, flags, file, offset - lead);
        return start != LibC.MAP_FAILED
            ? new FileMapping(start, (nint)lead, length, mapped)
            : throw PosixException.From(Errno.Last, "mmap", name, Hint(Errno.Last));
    }

    protected override bool ReleaseHandle() => LibC.munmap(handle, _mapped) == 0;

    internal static string? Hint(Errno errno) => errno switch
    {
        Errno.EACCES => "The descriptor was opened for less than this access",
        Errno.ENODEV => "This file system has no mappings",
        Errno.ENOMEM => "No addresses (ulimit -v), no mappings (sysctl vm.max_map_count) or no huge pages (sysctl vm.nr_hugepages) are left",
        _ => null,
    };
}

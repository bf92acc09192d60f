using Microsoft.Win32.SafeHandles;

namespace Isthmus.Native;

/// <summary>
/// Goes through the mappings of files in a process's memory, shared memory included, by asking the kernel for one after the other
/// (<c>PROCMAP_QUERY</c>, Linux 6.11): for the names, which take most of the time of <c>/proc/PID/maps</c>, only where they are wanted.
/// </summary>
/// <param name="maps">That file, open.</param>
internal ref struct MappingQuery(SafeFileHandle maps)
{
    private readonly SafeFileHandle _maps = maps;
    private LibC.Fs.procmap_query _current;

    public readonly ulong Start => _current.vma_start;

    public readonly ulong End => _current.vma_end;

    public readonly bool CanRead => Has(LibC.Fs.PROCMAP_QUERY_VMA_READABLE);

    public readonly bool CanWrite => Has(LibC.Fs.PROCMAP_QUERY_VMA_WRITABLE);

    public readonly bool CanExecute => Has(LibC.Fs.PROCMAP_QUERY_VMA_EXECUTABLE);

    public readonly bool IsShared => Has(LibC.Fs.PROCMAP_QUERY_VMA_SHARED);

    public readonly uint DeviceMajor => _current.dev_major;

    public readonly uint DeviceMinor => _current.dev_minor;

    public readonly ulong Inode => _current.inode;

    /// <summary>
    /// Why there is none left: <c>ENOENT</c> at the end, <c>ESRCH</c> when the process has ended, <c>ENOTTY</c> from a kernel without queries.
    /// </summary>
    public Errno Error { get; private set; }

    public bool MoveNext()
    {
        Error = Ask(_current.vma_end, LibC.Fs.PROCMAP_QUERY_COVERING_OR_NEXT_VMA | LibC.Fs.PROCMAP_QUERY_FILE_BACKED_VMA, default, ref _current);
        return Error == Errno.None;
    }

    /// <summary>The name of the current one as the kernel has it, without escapes; empty when it is not there any more, or too long.</summary>
    public readonly ReadOnlySpan<byte> ReadName(Span<byte> buffer)
    {
        LibC.Fs.procmap_query named = default;
        return Ask(Start, 0, buffer, ref named) == Errno.None && named.inode == Inode && named.vma_name_size > 1
            ? buffer[..((int)named.vma_name_size - 1)]
            : default;
    }

    private readonly bool Has(ulong flag) => (_current.vma_flags & flag) != 0;

    private readonly unsafe Errno Ask(ulong address, ulong flags, Span<byte> name, ref LibC.Fs.procmap_query query)
    {
        fixed (byte* bytes = name)
        fixed (LibC.Fs.procmap_query* asked = &query)
        {
            *asked = new LibC.Fs.procmap_query
            {
                size = (ulong)sizeof(LibC.Fs.procmap_query),
                query_flags = flags,
                query_addr = address,
                vma_name_size = (uint)name.Length,
                vma_name_addr = (ulong)bytes,
            };
            return LibC.ioctl(_maps, LibC.Fs.PROCMAP_QUERY, asked) == 0 ? Errno.None : Errno.Last;
        }
    }
}

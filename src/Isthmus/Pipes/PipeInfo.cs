using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// A pipe or FIFO of any process, looked at without disturbing it: it is not opened, which would wake or unblock others. Who holds it
/// is found in <c>/proc</c>; what is in it, through a duplicate of a holder's descriptor (<c>pidfd_getfd(2)</c>).
/// </summary>
public sealed record PipeInfo
{
    private PipeInfo()
    {
    }

    /// <summary>The kernel's number of the pipe, as in <c>pipe:[NUMBER]</c>; of a FIFO, its inode number.</summary>
    public required ulong Inode { get; init; }

    /// <summary>The name of a FIFO, with " (deleted)" behind it when the kernel says so; null for a pipe without a name.</summary>
    public required string? Path { get; init; }

    /// <summary>The capacity in bytes; null when nobody has a FIFO open, or the holders may not be looked at.</summary>
    public int? Capacity { get; init; }

    /// <summary>How many bytes wait to be read; null as for <see cref="Capacity"/>.</summary>
    public int? BytesWaiting { get; init; }

    /// <summary>All descriptors that could be seen; another user's need privilege.</summary>
    public required IReadOnlyList<PipeHolder> Holders { get; init; }

    /// <summary>How many processes could not be looked at; they may hold it too.</summary>
    public required int HiddenProcesses { get; init; }

    /// <summary>The pipe or FIFO behind a descriptor of a process.</summary>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>: no such process, or no such descriptor there.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: another user's process.</exception>
    /// <exception cref="PosixException"><c>EINVAL</c>: the descriptor is something else.</exception>
    public static PipeInfo OfDescriptor(int processId, int descriptor)
    {
        string path = PipeSearch.LinkOf(processId, descriptor);
        LibC.statx status = FileStatus.Behind(path);
        return FileStatus.IsFifo(status)
            ? Of(status, PipeSearch.NameBehind(path))
            : throw PosixException.From(Errno.EINVAL, "statx", path, $"It is {FileStatus.KindOf(status)}, not a pipe or FIFO.");
    }

    /// <summary>The FIFO at a path; links are not followed.</summary>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>.</exception>
    /// <exception cref="PosixException"><c>EINVAL</c>, <c>ELOOP</c>: it is no FIFO.</exception>
    public static PipeInfo OfFifo(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        LibC.statx status = FileStatus.At(path);
        FifoFile.CheckIsFifo(status, path);
        return Of(status, path);
    }

    private static PipeInfo Of(LibC.statx status, string? path)
    {
        PipeSearch search = PipeSearch.Run(status);
        using SafeFileHandle? duplicate = search.TryDuplicate();
        return new PipeInfo
        {
            Inode = status.stx_ino,
            Path = path,
            Capacity = duplicate is null ? null : PipeEnd.CapacityOf(duplicate),
            BytesWaiting = duplicate is null ? null : PipeEnd.BytesWaitingOf(duplicate),
            Holders = search.Holders,
            HiddenProcesses = search.HiddenProcesses,
        };
    }
}

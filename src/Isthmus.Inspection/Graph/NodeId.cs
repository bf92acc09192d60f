using System.Globalization;

namespace Isthmus.Inspection;

/// <summary>
/// Names one process or object for as long as it exists, in all snapshots of this machine. (Once it is gone, the kernel may give the same
/// numbers to another; a process is told from its successor by its start.)
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Space">
/// What <paramref name="Number"/> counts in: the device of a file, the start time of a process in clock ticks since boot, the process of a
/// descriptor that nothing but its place tells from others; 0 where the kernel counts all objects of the kind together.
/// </param>
/// <param name="Number">The process's number, an inode number, a System V id, a descriptor's number.</param>
/// <param name="Detail">What tells two of the same numbers apart: the flavour, mode and range of a lock; else null.</param>
public readonly record struct NodeId(NodeKind Kind, ulong Space, ulong Number, string? Detail = null)
{
    /// <summary>The part behind the kind: <c>4711</c>; of a file <c>fe:00:123</c> as in <c>/proc/locks</c>.</summary>
    public string Text => Kind switch
    {
        NodeKind.Process => string.Create(CultureInfo.InvariantCulture, $"{Number}"),
        NodeKind.Fifo or NodeKind.File or NodeKind.Directory or NodeKind.Device or NodeKind.FileLock or NodeKind.PosixSharedMemory
            or NodeKind.Segment or NodeKind.PosixSemaphore or NodeKind.MemFd or NodeKind.AnonymousSharedMemory => string.Create(
            CultureInfo.InvariantCulture,
            $"{DeviceNumber.Major(Space):x2}:{DeviceNumber.Minor(Space):x2}:{Number}{(Detail is null ? "" : ":")}{Detail}"),
        NodeKind.PseudoTerminal when Detail is not null => string.Create(CultureInfo.InvariantCulture, $"{Number}:{Detail}"),
        _ when Space != 0 => string.Create(CultureInfo.InvariantCulture, $"{Space}:{Number}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Number}"),
    };

    /// <inheritdoc/>
    /// <remarks>Written out: most of what a snapshot costs beside the kernel is to look nodes up.</remarks>
    public bool Equals(NodeId other) => Number == other.Number && Kind == other.Kind && Space == other.Space && Detail == other.Detail;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Number, Space, (int)Kind, Detail is null ? 0 : Detail.GetHashCode(StringComparison.Ordinal));

    /// <summary>A word that stands for it on command lines: <c>pipe:4711</c>.</summary>
    public override string ToString() => $"{Kind.ToWord()}:{Text}";

    /// <summary>By kind, then by number.</summary>
    internal int CompareTo(in NodeId other) => Kind != other.Kind ? Kind.CompareTo(other.Kind)
        : Space != other.Space ? Space.CompareTo(other.Space)
        : Number != other.Number ? Number.CompareTo(other.Number)
        : string.CompareOrdinal(Detail, other.Detail);

    internal static NodeId OfProcess(int id, long startTime) => new(NodeKind.Process, (ulong)startTime, (ulong)id);

    internal static NodeId Of(NodeKind kind, ulong number) => new(kind, 0, number);

    /// <summary>Of something that nothing tells from others of its kind but who has it at which descriptor.</summary>
    internal static NodeId OfDescriptor(NodeKind kind, int processId, int descriptor) => new(kind, (ulong)processId, (ulong)descriptor);
}

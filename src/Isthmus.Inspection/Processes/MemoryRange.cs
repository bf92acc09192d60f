namespace Isthmus.Inspection;

/// <summary>A range of addresses of a process, and how much of it is in memory (<c>proc_pid_smaps(5)</c>).</summary>
public sealed record MemoryRange
{
    /// <summary>The first address.</summary>
    public required ulong Start { get; init; }

    /// <summary>In bytes.</summary>
    public required long Length { get; init; }

    /// <summary>What it is for.</summary>
    public required MemoryKind Kind { get; init; }

    /// <summary>It may be read, written, executed; <c>s</c> when it is shared: <c>rw-p</c>.</summary>
    public required string Access { get; init; }

    /// <summary>The file behind it, or the kernel's word for it; null for none.</summary>
    public string? Name { get; init; }

    /// <summary>The thread whose stack it is; null for others.</summary>
    public int? ThreadId { get; init; }

    /// <summary>Bytes in memory, each counted in full by every process that has it.</summary>
    public long ResidentBytes { get; init; }

    /// <summary>Bytes in memory, each divided by the number of processes that have it.</summary>
    public long ProportionalBytes { get; init; }

    /// <summary>Bytes on the swap device.</summary>
    public long SwappedBytes { get; init; }
}

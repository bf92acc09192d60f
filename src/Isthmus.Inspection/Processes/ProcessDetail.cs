namespace Isthmus.Inspection;

/// <summary>
/// What costs too much to read of every process, for one: limits, namespaces, control groups, signals and the address space. What may not be
/// read is null.
/// </summary>
public sealed record ProcessDetail
{
    /// <summary>The program's file.</summary>
    public string? Executable { get; init; }

    /// <summary>Where relative paths start.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>What it sees as <c>/</c>.</summary>
    public string? Root { get; init; }

    /// <summary>The inode numbers of its namespaces by their names in <c>/proc/PID/ns</c> (<c>namespaces(7)</c>).</summary>
    public IReadOnlyDictionary<string, ulong>? Namespaces { get; init; }

    /// <summary>Its control groups as <c>hierarchy:controllers:path</c> (<c>cgroups(7)</c>).</summary>
    public IReadOnlyList<string>? ControlGroups { get; init; }

    /// <summary>Its limits (<c>getrlimit(2)</c>).</summary>
    public IReadOnlyList<ResourceLimit>? Limits { get; init; }

    /// <summary>What it does with signals and which wait, for each of its threads; the main thread first.</summary>
    public IReadOnlyList<SignalState>? Signals { get; init; }

    /// <summary>Its address space by ranges, in their order.</summary>
    public IReadOnlyList<MemoryRange>? Memory { get; init; }

    /// <summary>Bytes that it has read from storage.</summary>
    public long? ReadBytes { get; init; }

    /// <summary>Bytes that it has written to storage.</summary>
    public long? WrittenBytes { get; init; }

    /// <summary>Reads it now; null when the process of the snapshot has ended.</summary>
    public static ProcessDetail? Read(ProcessNode process)
    {
        ArgumentNullException.ThrowIfNull(process);
        return ProcessDetailReader.Read(process);
    }
}

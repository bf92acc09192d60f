namespace Isthmus.Inspection;

/// <summary>A process as a snapshot saw it.</summary>
public sealed record ProcessNode
{
    /// <summary>Its number (pid).</summary>
    public required int Id { get; init; }

    /// <summary>When it started, in clock ticks since boot: what tells it from a later process of the same number.</summary>
    public required long StartTime { get; init; }

    /// <summary>Its name as the kernel has it, at most 15 bytes: mostly the program's.</summary>
    public required string Name { get; init; }

    /// <summary>Program and arguments; empty for kernel threads and zombies. The process may have changed it.</summary>
    public required IReadOnlyList<string> CommandLine { get; init; }

    /// <summary>The process that started it, or that it was handed to; 0 for none that can be seen.</summary>
    public required int ParentId { get; init; }

    /// <summary>Its process group.</summary>
    public required int GroupId { get; init; }

    /// <summary>Its session.</summary>
    public required int SessionId { get; init; }

    /// <summary>What its main thread was doing; stopped and zombie are the whole process's.</summary>
    public required ThreadRunState State { get; init; }

    /// <summary>The user it belongs to (the real uid).</summary>
    public required uint UserId { get; init; }

    /// <summary>The user whose rights it has (the effective uid).</summary>
    public required uint EffectiveUserId { get; init; }

    /// <summary>CPU time in user mode of all its threads.</summary>
    public required TimeSpan UserTime { get; init; }

    /// <summary>CPU time in the kernel of all its threads.</summary>
    public required TimeSpan SystemTime { get; init; }

    /// <summary>Its address space, in bytes.</summary>
    public required long VirtualBytes { get; init; }

    /// <summary>What of it is in memory, in bytes.</summary>
    public required long ResidentBytes { get; init; }

    /// <summary>How many threads it has.</summary>
    public required int ThreadCount { get; init; }

    /// <summary>The signals that it has handlers for.</summary>
    public required SignalSet CaughtSignals { get; init; }

    /// <summary>How many descriptors it has open; null when that was not asked for, or is not permitted.</summary>
    public int? DescriptorCount { get; init; }

    /// <summary>A thread of the kernel, which has no memory, files or arguments.</summary>
    public bool IsKernelThread { get; init; }

    /// <summary>It runs the .NET runtime; known when mappings were asked for and are permitted.</summary>
    public bool IsDotNet { get; init; }

    /// <summary>It lives in a pid namespace below ours, where its number is another one.</summary>
    public bool IsInPidNamespace { get; init; }

    /// <summary>Its threads; empty unless <see cref="SnapshotParts.Threads"/> was asked for.</summary>
    public IReadOnlyList<ThreadNode> Threads { get; init; } = [];

    /// <summary>What was asked for and may not be read: it belongs to another user, or is protected.</summary>
    public SnapshotParts NotPermitted { get; init; }

    /// <summary>Its node in the graph.</summary>
    public NodeId Node => NodeId.OfProcess(Id, StartTime);

    /// <summary><c>123 (worker)</c>.</summary>
    public override string ToString() => $"{Id} ({Name})";
}

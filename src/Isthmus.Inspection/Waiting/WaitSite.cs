namespace Isthmus.Inspection;

/// <summary>A wait as it was read, with descriptors, addresses and numbers that only mean something inside its process.</summary>
internal sealed record WaitSite(WaitKind Kind)
{
    public string? Call { get; init; }

    public string? Channel { get; init; }

    public IReadOnlyList<(int Descriptor, FileAccess Access)> Descriptors { get; init; } = [];

    public bool HasTimeout { get; init; }

    /// <summary>Of a futex.</summary>
    public ulong Address { get; init; }

    public int OwnerThreadId { get; init; }

    /// <summary>What stands in the memory is a mutex of glibc beyond doubt, so that its owner is one even if he is not there.</summary>
    public bool IsMutex { get; init; }

    /// <summary>Of a wait for a child: its number, 0 for any.</summary>
    public int ChildId { get; init; }

    /// <summary>The id of a System V object.</summary>
    public int? SystemVId { get; init; }

    /// <summary>The semaphore of a System V set.</summary>
    public int? SemaphoreIndex { get; init; }

    public FileLockFlavour? LockFlavour { get; init; }

    public FileLockMode? LockMode { get; init; }

    public FileLockRange? LockRange { get; init; }

    public string? Name { get; init; }
}

namespace Isthmus.Inspection;

/// <summary>
/// What one process's directory told: all that the sweep needs to put it into the graph. Filled by one reader, and never changed afterwards: later
/// snapshots are made of it, too.
/// </summary>
internal sealed class ProcessFindings
{
    /// <summary>How far the process had come before it was read.</summary>
    public required ProcessSign Sign { get; init; }

    public required ProcessNode Process { get; set; }

    /// <summary>By their numbers.</summary>
    public List<DescriptorFinding> Descriptors { get; } = [];

    public List<MappingFinding> Mappings { get; } = [];

    public List<LockFinding> Locks { get; } = [];

    /// <summary>By the descriptor of the epoll set.</summary>
    public List<(NodeId Set, EpollTarget[] Targets)> EpollSets { get; } = [];

    public List<(NodeId Watch, (ulong Device, ulong Inode)[] Targets)> FileWatches { get; } = [];

    public List<(NodeId PidFd, int ProcessId)> PidFds { get; } = [];

    public List<(ThreadNode Thread, WaitSite Site)> Waits { get; } = [];

    /// <summary>What stands behind a descriptor, as the process's own directory names it.</summary>
    public NodeId? TargetOf(int descriptor)
    {
        int low = 0;
        for (int high = Descriptors.Count; low < high;)
        {
            int middle = (low + high) / 2;
            (low, high) = Descriptors[middle].Descriptor < descriptor ? (middle + 1, high) : (low, middle);
        }
        return low < Descriptors.Count && Descriptors[low].Descriptor == descriptor ? Descriptors[low].Target : null;
    }

    /// <summary>The shared memory that an address is in; null for private memory.</summary>
    public MappingFinding? MappingAt(ulong address)
    {
        foreach (MappingFinding map in Mappings)
        {
            if (address >= map.Start && address < map.End)
            {
                return map;
            }
        }
        return null;
    }
}

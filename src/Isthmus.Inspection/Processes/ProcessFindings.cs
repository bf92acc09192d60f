namespace Isthmus.Inspection;

/// <summary>What one process's directory told: all that the sweep needs to put it into the graph.</summary>
internal sealed class ProcessFindings
{
    private Dictionary<int, NodeId>? _targets;

    public required ProcessNode Process { get; set; }

    public List<DescriptorFinding> Descriptors { get; } = [];

    public List<MappingFinding> Mappings { get; } = [];

    public List<LockFinding> Locks { get; } = [];

    /// <summary>By the descriptor of the epoll set.</summary>
    public List<(NodeId Set, EpollTarget[] Targets)> EpollSets { get; } = [];

    public List<(NodeId Watch, (ulong Device, ulong Inode)[] Targets)> FileWatches { get; } = [];

    public List<(NodeId PidFd, int ProcessId)> PidFds { get; } = [];

    public List<(ThreadNode Thread, WaitSite Site)> Waits { get; } = [];

    /// <summary>What stands behind a descriptor. To be asked when all sockets are resolved.</summary>
    public NodeId? TargetOf(int descriptor)
    {
        if (_targets is null)
        {
            _targets = [];
            foreach (DescriptorFinding each in Descriptors)
            {
                _targets[each.Descriptor] = each.Target;
            }
        }
        return _targets.TryGetValue(descriptor, out NodeId target) ? target : null;
    }
}

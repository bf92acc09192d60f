using System.Globalization;

namespace Isthmus.Inspection;

/// <summary>
/// Finds the segments of Isthmus among the files that are shared, and joins them with those who take part and hold: from what stands in them, not
/// from what processes let be seen.
/// </summary>
internal sealed class SegmentResolver(GraphBuilder graph)
{
    private readonly GraphBuilder _graph = graph;
    private readonly Dictionary<NodeId, SegmentNode?> _found = [];

    /// <summary>Looks at what somebody has mapped or open, and at what stands in <c>/dev/shm</c>, which must be in the graph already.</summary>
    public void Find()
    {
        foreach (ObjectNode node in _graph.Objects.Where(each => each is { Kind: NodeKind.PosixSharedMemory, Name: not null }).ToArray())
        {
            Look(node, SharedMemoryName.PathOf(node.Name!));
        }
        foreach (MappingFinding map in _graph.Processes.Values.SelectMany(each => each.Mappings))
        {
            if (map is { Target.Kind: NodeKind.File, Access: FileAccess.ReadWrite, IsDeleted: false, Name: ['/', ..] path })
            {
                Look(new ObjectNode(map.Target, path), path);
            }
        }
        FindUnnamed();
    }

    // Who takes part keeps a descriptor besides the mapping; who does not, shows its mapping to those who may look behind it (CAP_CHECKPOINT_RESTORE).
    private void FindUnnamed()
    {
        foreach (ProcessFindings process in _graph.Processes.Values)
        {
            foreach (DescriptorFinding held in process.Descriptors)
            {
                if (held is { Target.Kind: NodeKind.MemFd, Node: { Size: { } size } node } && IsSizeOfSegment(size))
                {
                    LookBehind(node, string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Sign.Id}/fd/{held.Descriptor}"));
                }
            }
        }
        foreach (ProcessFindings process in _graph.Processes.Values)
        {
            foreach (MappingFinding map in process.Mappings)
            {
                if (map.Target.Kind == NodeKind.MemFd && IsSizeOfSegment((long)(map.End - map.Start)))
                {
                    LookBehind(
                        new ObjectNode(map.Target, map.Name),
                        string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Sign.Id}/map_files/{map.Start:x}-{map.End:x}"));
                }
            }
        }
    }

    // Of a thousand other memfds none has to be opened for that.
    private static bool IsSizeOfSegment(long size) => size > 0 && size % SegmentLayout.Granule == 0;

    private void LookBehind(ObjectNode file, string link)
    {
        if (!_found.ContainsKey(file.Id))
        {
            Take(file.Id, SegmentReader.TryReadBehind(file, link));
        }
    }

    /// <summary>Adds who takes part, holds, and waits.</summary>
    public void Connect()
    {
        foreach (SegmentNode segment in _found.Values.OfType<SegmentNode>())
        {
            foreach (IGrouping<NodeId, SharedParticipant> process in segment.Participants.GroupBy(NodeOf).Where(each => each.Key != default))
            {
                _graph.Add(new Edge(EdgeKind.TakesPart, process.Key, segment.Id));
            }
            foreach (NodeId holder in segment.Holders.Select(NodeOf).Where(each => each != default).Distinct())
            {
                _graph.Add(new Edge(EdgeKind.HoldsLock, holder, segment.Id));
            }
        }
    }

    /// <summary>
    /// Adds who waits, as the segment counts it, when no thread shows it: awaited, or in a thread that may not be looked at. To be called when the
    /// waits of all threads are known.
    /// </summary>
    public void AddWaiters()
    {
        List<Edge> edges = [];
        foreach (SegmentNode segment in _found.Values.OfType<SegmentNode>())
        {
            HashSet<NodeId> shown = [.. _graph.EdgesTo(segment.Id).Where(edge => edge.Kind == EdgeKind.WaitsFor).Select(edge => edge.From)];
            edges.AddRange(
                from participant in segment.Participants
                where participant is { Waiters: > 0, IsAlive: true }
                let process = NodeOf(participant)
                where process != default && shown.Add(process)
                select new Edge(EdgeKind.WaitsFor, process, segment.Id));
        }
        edges.ForEach(edge => _graph.Add(edge));
    }

    private void Look(ObjectNode file, string path)
    {
        if (!_found.ContainsKey(file.Id))
        {
            Take(file.Id, SegmentReader.TryRead(file, path));
        }
    }

    private void Take(NodeId file, SegmentNode? segment)
    {
        _found[file] = segment;
        if (segment is not null)
        {
            _graph.Remove(file);
            _graph.Add(segment);
            _graph.Identify(file, segment.Id);
        }
    }

    // A record says itself whose it is; a number of another pid namespace, or of a process that has ended, means nobody here.
    private NodeId NodeOf(SharedParticipant participant) =>
        participant.Process.IsLocal && _graph.Processes.GetValueOrDefault(participant.Process.Id)?.Process is { } process
            && process.StartTime == participant.Process.StartTime
            ? process.Node
            : default;
}

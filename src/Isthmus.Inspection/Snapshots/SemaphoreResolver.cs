namespace Isthmus.Inspection;

/// <summary>
/// Joins POSIX semaphores with those who have mapped them under another name: a semaphore may be made without one and named afterwards, and its maker's
/// mapping says that the file is deleted.
/// </summary>
internal sealed class SemaphoreResolver
{
    private readonly Dictionary<NodeId, NodeId> _semaphores;

    /// <param name="graph">With all that stands in <c>/dev/shm</c>.</param>
    public SemaphoreResolver(GraphBuilder graph) => _semaphores = graph.Objects.Where(node => node.Kind == NodeKind.PosixSemaphore)
        .ToDictionary(node => node.Id with { Kind = NodeKind.PosixSharedMemory }, node => node.Id);

    /// <summary>Puts the semaphore in the place of its file.</summary>
    public void Rename(ProcessFindings findings)
    {
        for (int index = 0; index < findings.Mappings.Count; index++)
        {
            if (_semaphores.TryGetValue(findings.Mappings[index].Target, out NodeId semaphore))
            {
                findings.Mappings[index] = findings.Mappings[index] with { Target = semaphore };
            }
        }
    }
}

namespace Isthmus.Inspection;

/// <summary>
/// Joins POSIX semaphores with those who have mapped them under another name: a semaphore may be made without one and named afterwards, and its maker's
/// mapping says that the file is deleted.
/// </summary>
internal static class SemaphoreResolver
{
    /// <param name="graph">With all that stands in <c>/dev/shm</c>.</param>
    public static void Find(GraphBuilder graph)
    {
        foreach (ObjectNode semaphore in graph.Objects.Where(node => node.Kind == NodeKind.PosixSemaphore))
        {
            graph.Identify(semaphore.Id with { Kind = NodeKind.PosixSharedMemory }, semaphore.Id);
        }
    }
}

using Isthmus.Inspection;

namespace Isthmus.Cli.Clean;

/// <summary>System V shared memory: the kernel counts who has attached it.</summary>
internal static class SystemVLeftovers
{
    public static IEnumerable<Leftover> FindMemory(Snapshot snapshot) =>
        from node in snapshot.Objects.OfType<SystemVNode>()
        where node.Kind == NodeKind.SystemVSharedMemory && node.AttachedCount == 0
        select new Leftover(node.Kind, node.Id.Text, node.UserId, node.Size, true, "the kernel counts 0 that have it attached")
        {
            Remove = () => Remove((int)node.Id.Number),
        };

    // Between the look and the removal somebody may attach it: he keeps it then, for the kernel removes it with the last of them.
    private static bool Remove(int id)
    {
        if (SystemVSharedMemory.Stat(id).AttachedCount > 0)
        {
            return false;
        }
        SystemVSharedMemory.Remove(id);
        return true;
    }
}

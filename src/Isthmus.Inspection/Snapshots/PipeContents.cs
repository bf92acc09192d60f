using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Inspection;

/// <summary>
/// How full pipes are: only to be seen through a descriptor, so one is duplicated for a moment (<c>pidfd_getfd(2)</c>). For that moment the
/// pipe has one user more, so it is done on demand only.
/// </summary>
internal static class PipeContents
{
    public static void Add(GraphBuilder graph)
    {
        foreach (ObjectNode pipe in graph.Objects.Where(each => each.Kind is NodeKind.Pipe or NodeKind.Fifo).ToArray())
        {
            foreach (Edge edge in graph.EdgesTo(pipe.Id).Where(each => each is { Kind: EdgeKind.HoldsOpen, Descriptor: not null, Access: not null }))
            {
                if (TryLook((int)edge.From.Number, edge.Descriptor!.Value, pipe, out ObjectNode seen))
                {
                    graph.Replace(seen);
                    break;
                }
            }
        }
    }

    private static bool TryLook(int processId, int descriptor, ObjectNode pipe, out ObjectNode seen)
    {
        seen = pipe;
        using SafeFileHandle process = LibC.pidfd_open(processId, 0);
        if (process.IsInvalid)
        {
            return false;
        }
        using SafeFileHandle duplicate = LibC.pidfd_getfd(process, descriptor);
        // Another user's; or closed meanwhile, and the number used again.
        if (duplicate.IsInvalid || FileStatus.Of(duplicate).stx_ino != pipe.Id.Number)
        {
            return false;
        }
        seen = pipe with { Fill = PipeEnd.BytesWaitingOf(duplicate), Capacity = PipeEnd.CapacityOf(duplicate) };
        return true;
    }
}

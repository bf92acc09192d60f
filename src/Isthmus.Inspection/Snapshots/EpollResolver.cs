using Isthmus.Native;

namespace Isthmus.Inspection;

/// <summary>
/// Tells which epoll sets of several processes are one that was inherited or handed over: the kernel prints no number for them, but compares two
/// (<c>kcmp(2)</c>) for who may look at both.
/// </summary>
internal static class EpollResolver
{
    public static void Find(GraphBuilder graph)
    {
        // One set watches the same for all who have it, so only those that do are compared.
        foreach (IGrouping<int, Place> alike in Places(graph).GroupBy(each => each.Watched).Where(each => each.Skip(1).Any()))
        {
            List<Place> different = [];
            foreach (Place place in alike.OrderBy(each => each.ProcessId).ThenBy(each => each.Descriptor))
            {
                if (TryFind(different, place, out int at))
                {
                    graph.Identify(place.Set, different[at].Set);
                }
                else if (at >= 0)
                {
                    different.Insert(at, place);
                }
            }
        }
    }

    private static IEnumerable<Place> Places(GraphBuilder graph)
    {
        foreach (ProcessFindings process in graph.Processes.Values)
        {
            foreach ((NodeId set, EpollTarget[] targets) in process.EpollSets)
            {
                HashCode watched = default;
                foreach (EpollTarget each in targets)
                {
                    watched.Add(each.Descriptor);
                    watched.Add(each.Inode);
                }
                yield return new Place(set, watched.ToHashCode());
            }
        }
    }

    // They stand in the kernel's order. False with the place where it belongs, or a negative number when it cannot be compared.
    private static bool TryFind(List<Place> ordered, Place place, out int at)
    {
        int low = 0;
        int high = ordered.Count;
        while (low < high)
        {
            at = (low + high) / 2;
            switch (LibC.kcmp(place.ProcessId, ordered[at].ProcessId, LibC.KCMP_FILE, place.Descriptor, ordered[at].Descriptor))
            {
                case 0:
                    return true;
                case 1:
                    high = at;
                    break;
                case 2:
                    low = at + 1;
                    break;
                default:
                    at = -1;
                    return false;
            }
        }
        at = low;
        return false;
    }

    private readonly record struct Place(NodeId Set, int Watched)
    {
        public int ProcessId => (int)Set.Space;

        public int Descriptor => (int)Set.Number;
    }
}

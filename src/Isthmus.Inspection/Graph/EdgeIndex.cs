using System.Runtime.InteropServices;

namespace Isthmus.Inspection;

/// <summary>
/// Finds the edges at a node, in the order in which they were added. Edges of a node are chained by their numbers: a lookup with a list for each of
/// ten thousand nodes would cost more than all else that a refresh does.
/// </summary>
/// <param name="nodes">How many there will be, more or less.</param>
internal sealed class EdgeIndex(int nodes)
{
    private const int None = -1;

    private readonly Dictionary<NodeId, (int First, int Last)> _ends = new(nodes);
    private readonly ChunkedList<int> _next = new();

    /// <summary>Takes the next edge of the list.</summary>
    public void Add(NodeId node)
    {
        int number = _next.Count;
        _next.Add(None);
        ref (int First, int Last) ends = ref CollectionsMarshal.GetValueRefOrAddDefault(_ends, node, out bool exists);
        if (exists)
        {
            _next[ends.Last] = number;
            ends.Last = number;
        }
        else
        {
            ends = (number, number);
        }
    }

    /// <summary>The edges at a node.</summary>
    public IEnumerable<Edge> Find(NodeId node, ChunkedList<Edge> edges)
    {
        for (int at = _ends.TryGetValue(node, out (int First, int Last) ends) ? ends.First : None; at != None; at = _next[at])
        {
            yield return edges[at];
        }
    }
}

using Isthmus.Inspection;

namespace Isthmus.Cli.Map;

/// <summary>
/// Where things stand in a drawing: columns of processes and columns of objects between them, by the distance from where the map begins; within a
/// column each stands where its neighbours are (the barycentre method of Sugiyama and others).
/// </summary>
internal sealed class MapLayout
{
    private const int Sweeps = 8;

    private readonly List<List<NodeId>> _columns;
    private readonly Dictionary<NodeId, (int Column, int Row)> _places = [];
    private readonly ILookup<NodeId, NodeId> _neighbours;

    public MapLayout(MapGraph graph)
    {
        _columns =
        [
            .. graph.Nodes.GroupBy(node => (node.Distance * 2) + (node.IsProcess ? 0 : 1)).OrderBy(column => column.Key)
                .Select(column => column.OrderBy(node => node.Id.Number).Select(node => node.Id).ToList()),
        ];
        _neighbours = graph.Edges.SelectMany(edge => ((NodeId From, NodeId To)[])[(edge.From, edge.To), (edge.To, edge.From)])
            .ToLookup(pair => pair.From, pair => pair.To);
        Place();
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            foreach (List<NodeId> column in _columns)
            {
                Sort(column);
            }
        }
    }

    public int Columns => _columns.Count;

    public int Rows => _columns.Max(column => column.Count);

    public (int Column, int Row) this[NodeId node] => _places[node];

    public int RowsOf(int column) => _columns[column].Count;

    public IEnumerable<NodeId> NodesOf(int column) => _columns[column];

    private void Sort(List<NodeId> column)
    {
        NodeId[] sorted = [.. column.OrderBy(Barycentre)];
        column.Clear();
        column.AddRange(sorted);
        Place();
    }

    // Relative, because columns have different heights.
    private double Barycentre(NodeId node) =>
        _neighbours[node].Select(Relative).DefaultIfEmpty(Relative(node)).Average();

    private double Relative(NodeId node)
    {
        (int column, int row) = _places[node];
        return (row + 0.5) / _columns[column].Count;
    }

    private void Place()
    {
        foreach ((int column, List<NodeId> nodes) in _columns.Index())
        {
            foreach ((int row, NodeId node) in nodes.Index())
            {
                _places[node] = (column, row);
            }
        }
    }
}

using Isthmus.Cli.Inspection;
using Isthmus.Inspection;

namespace Isthmus.Cli.Watch;

/// <summary>Which processes and edges are watched: the options of <c>ls</c>, <c>ps</c> and <c>map</c>.</summary>
/// <param name="Kinds">Only edges of these kinds; empty for all.</param>
/// <param name="ProcessId">Only this process, its edges, and those at their other ends.</param>
/// <param name="User">Only processes of this user, by name or number, and their edges.</param>
/// <param name="Name">Only what fits: a process by its name, an edge by the name of its object or of one of its users.</param>
/// <param name="All">Also objects that only one process has, and those of the .NET runtime.</param>
internal sealed record WatchFilter(IReadOnlySet<NodeKind> Kinds, int? ProcessId, string? User, string? Name, bool All)
{
    public static WatchFilter Everything { get; } = new(new HashSet<NodeKind>(), null, null, null, All: false);

    /// <summary>Whether an edge is shown that is interesting by itself.</summary>
    public bool Shows(WatchEdge edge) =>
        (Kinds.Count == 0 || Kinds.Contains(edge.Node.Kind))
        && (ProcessId is null || edge.Ends.Any(end => end.Process.Id == ProcessId))
        && (User is null || edge.Ends.Any(end => UserOption.Fits(User, end.Process)))
        && (Name is null || NamePattern.Fits(Name, edge.Name) || edge.Ends.Any(end => NamePattern.Fits(Name, end.Process.Name)));

    /// <param name="process">A process.</param>
    /// <param name="talksToChosen">It has an edge with the process that was chosen.</param>
    public bool Shows(ProcessNode process, bool talksToChosen) =>
        !process.IsKernelThread
        && (ProcessId is null || process.Id == ProcessId || talksToChosen)
        && UserOption.Fits(User, process)
        && NamePattern.Fits(Name, process.Name);
}

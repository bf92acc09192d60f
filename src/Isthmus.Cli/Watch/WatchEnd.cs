using Isthmus.Inspection;

namespace Isthmus.Cli.Watch;

/// <summary>What a process has of an edge, by all its descriptors and mappings together.</summary>
/// <param name="Process">The process.</param>
/// <param name="Roles">
/// How it has it: <c>writes</c>, <c>reads</c>, <c>open</c>, <c>listens</c>, <c>maps</c>, <c>takes_part</c>, <c>holds</c>, <c>waits</c>.
/// </param>
internal sealed record WatchEnd(ProcessNode Process, IReadOnlyList<string> Roles)
{
    private static readonly string[] s_order = ["writes", "reads", "open", "listens", "maps", "takes_part", "holds", "waits"];

    /// <summary>Who writes stands before who reads.</summary>
    public int Order => Array.IndexOf(s_order, Roles[0]);

    public static WatchEnd Of(ProcessNode process, IEnumerable<Edge> edges) => new(
        process, [.. edges.SelectMany(RolesOf).Distinct().OrderBy(role => Array.IndexOf(s_order, role))]);

    private static IEnumerable<string> RolesOf(Edge edge) => edge.Kind switch
    {
        EdgeKind.ListensOn => ["listens"],
        EdgeKind.Maps => ["maps"],
        EdgeKind.TakesPart => ["takes_part"],
        EdgeKind.HoldsLock => ["holds"],
        EdgeKind.WaitsFor => ["waits"],
        _ => edge.Access switch
        {
            FileAccess.Read => ["reads"],
            FileAccess.Write => ["writes"],
            FileAccess.ReadWrite => ["writes", "reads"],
            _ => ["open"],
        },
    };
}

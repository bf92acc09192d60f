using Isthmus.Inspection;

namespace Isthmus.Cli.Inspection;

/// <summary>Which objects <c>ls</c> shows.</summary>
internal sealed record ObjectFilter(HashSet<NodeKind> Wanted, int? ProcessId, string? Name, bool StaleOnly, bool All, bool NoRuntime)
{
    /// <exception cref="CliException">There is no such kind.</exception>
    public static HashSet<NodeKind> Kinds(string[] words) => [.. words.Select(word =>
        NodeKinds.TryParse(word, out NodeKind kind) && kind != NodeKind.Process
            ? kind
            : throw new CliException($"'{word}' is no kind of object. There are: {string.Join(", ", NodeKinds.Words.Skip(1))}."))];

    /// <exception cref="CliException">There is no such process.</exception>
    public IEnumerable<ObjectRow> Select(Snapshot snapshot)
    {
        if (ProcessId is { } id && snapshot.FindProcess(id) is null)
        {
            throw new CliException($"There is no process {id}.", ExitCode.No);
        }
        return from node in snapshot.Objects
               where (Wanted.Count == 0 || Wanted.Contains(node.Kind)) && NamePattern.Fits(Name, node.Name) && !(NoRuntime && node.IsRuntime)
               let row = ObjectRow.Of(snapshot, node)
               where (!StaleOnly || row.IsStale) && (ProcessId is null || row.Uses.Any(use => use.Process.Id == ProcessId))
               where Wanted.Count > 0 || All || node.Kind.IsIpc() || IsShared(row)
               select row;
    }

    // A file that several have mapped, or that is locked, is a way to talk.
    private static bool IsShared(ObjectRow row) => row.Node.Kind == NodeKind.File
        && row.Uses.Where(use => use.Edge is { Kind: EdgeKind.Maps } edge && (edge.Access ?? 0).HasFlag(FileAccess.Write))
            .Select(use => use.Process.Id).Distinct().Count() > 1;
}

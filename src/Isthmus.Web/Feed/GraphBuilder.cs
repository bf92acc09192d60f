using System.Globalization;
using Isthmus.Inspection;

namespace Isthmus.Web.Feed;

/// <summary>Makes of a snapshot what the page draws: processes, and the channels between them.</summary>
internal sealed class GraphBuilder(Scope scope)
{
    private const int CommandCharactersMax = 200;
    private const long MemoryStep = 256 << 10;

    private readonly Scope _scope = scope;
    private readonly RateMeter _meter = new(readsProcesses: false);

    /// <summary>What names a process, also among later ones of its number.</summary>
    public static string KeyOf(ProcessNode process) => string.Create(CultureInfo.InvariantCulture, $"{process.Id}-{process.StartTime}");

    public PageGraph Build(Snapshot snapshot, Snapshot? earlier, TimeSpan between)
    {
        SnapshotRates rates = _meter.Advance(snapshot);
        WaitChain[] stuck = [.. Reason.FindStuck(snapshot).Where(chain => _scope.Includes(chain.Steps[0].Process))];
        Dictionary<NodeId, string> ends = [];
        foreach (WaitChain chain in stuck)
        {
            ends.TryAdd(chain.Steps[0].Process.Node, PageModel.Word(chain.End));
        }
        Dictionary<NodeId, string> shown = snapshot.Processes.Where(_scope.Includes).ToDictionary(each => each.Node, KeyOf);
        return new PageGraph(
            [
                .. from process in snapshot.Processes
                   where shown.ContainsKey(process.Node)
                   select Of(snapshot, process, ends.GetValueOrDefault(process.Node), Cpu(process, earlier, between), shown),
            ],
            ChannelFinder.Find(snapshot, rates, shown, ends),
            stuck);
    }

    private static JsonPageProcess Of(
        Snapshot snapshot, ProcessNode process, string? stuck, int cpu, Dictionary<NodeId, string> shown)
    {
        string command = string.Join(' ', process.CommandLine);
        return new JsonPageProcess(
            KeyOf(process),
            process.Id,
            process.Name,
            command.Length > CommandCharactersMax ? command[..CommandCharactersMax] + "…" : command,
            UserNames.Of(process.UserId),
            PageModel.Word(process.State),
            process.Threads.Count > 0 ? PageModel.Word(process.Threads[0].Wait.Kind) : null,
            stuck,
            snapshot.FindProcess(process.ParentId) is { } parent ? shown.GetValueOrDefault(parent.Node) : null,
            cpu,
            // In steps, so that not every page more is a change to tell.
            process.ResidentBytes / MemoryStep * MemoryStep,
            process.ThreadCount,
            process.DescriptorCount,
            process.IsDotNet,
            process.NotPermitted.HasFlag(SnapshotParts.Descriptors));
    }

    private static int Cpu(ProcessNode process, Snapshot? earlier, TimeSpan between) =>
        between > TimeSpan.Zero && earlier?.FindProcess(process.Node) is { } before
            ? (int)Math.Round(Math.Max((process.UserTime + process.SystemTime - before.UserTime - before.SystemTime) / between, 0) * 100)
            : 0;
}

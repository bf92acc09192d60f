using System.Globalization;
using Isthmus.Cli.Inspection;
using Isthmus.Inspection;
using Isthmus.Web.Feed;

namespace Isthmus.Web.Views;

/// <summary>Everything about one process, as <c>isthmus show PID</c> and <c>isthmus why PID</c> tell it.</summary>
internal static class ProcessPage
{
    public static JsonProcessPage Of(Snapshot snapshot, ProcessNode process)
    {
        ProcessDetail? detail = ProcessDetail.Read(process);
        return new JsonProcessPage(
            GraphBuilder.KeyOf(process),
            process.Id,
            process.Name,
            detail is null,
            [.. Facts(snapshot, process, detail).Where(fact => fact.Value.Length > 0)],
            [.. (detail?.Memory ?? []).GroupBy(range => range.Kind).OrderBy(same => same.Key).Select(Of)],
            [.. (Reason.Of(snapshot, process.Id)?.Chains ?? []).Select(Of)],
            Objects(snapshot, process),
            [.. (detail?.Limits ?? []).Select(limit => new JsonLimitRow(PageModel.Word(limit.Resource), limit.Soft, limit.Hard))],
            NotPermitted(process, detail));
    }

    private static IEnumerable<JsonFact> Facts(Snapshot snapshot, ProcessNode process, ProcessDetail? detail)
    {
        yield return new("command", string.Join(' ', process.CommandLine));
        yield return new("executable", detail?.Executable ?? "");
        yield return new("directory", detail?.WorkingDirectory ?? "");
        yield return new("parent", snapshot.FindProcess(process.ParentId)?.ToString() ?? Number(process.ParentId));
        yield return new("group, session", $"{Number(process.GroupId)}, {Number(process.SessionId)}");
        yield return new("user", process.UserId == process.EffectiveUserId
            ? UserNames.Of(process.UserId)
            : $"{UserNames.Of(process.UserId)}, with the rights of {UserNames.Of(process.EffectiveUserId)}");
        yield return new("state", PageModel.Word(process.State).Replace('_', ' '));
        yield return new("CPU time", string.Create(
            CultureInfo.InvariantCulture, $"{process.UserTime.TotalSeconds:F2} s user, {process.SystemTime.TotalSeconds:F2} s system"));
        yield return new("runtime", process.IsDotNet ? ".NET" : "");
        foreach (string group in (detail?.ControlGroups ?? []).Where(group => !group.EndsWith(":/", StringComparison.Ordinal)))
        {
            yield return new("control group", group);
        }
        yield return new("namespaces", detail?.Namespaces is { } spaces ? string.Join(' ', spaces.Select(each => $"{each.Key}:{each.Value}")) : "");
        if (detail?.Signals is [{ } main, ..])
        {
            yield return new("signals caught", main.Caught.ToString());
            yield return new("signals ignored", main.Ignored.ToString());
            yield return new("signals blocked", main.Blocked.ToString());
            yield return new("signals pending", main.Pending.Union(main.SharedPending).ToString());
        }
    }

    private static JsonMemory Of(IGrouping<MemoryKind, MemoryRange> kind) => new(
        PageModel.Word(kind.Key).Replace('_', ' '), kind.Count(), kind.Sum(range => range.Length), kind.Sum(range => range.ResidentBytes),
        kind.Sum(range => range.ProportionalBytes));

    private static JsonThreadRow Of(WaitChain chain) =>
        new(chain.Steps[0].Thread?.Id, chain.Steps[0].Thread?.Name ?? "", chain.ToString(), chain.Steps[0].Thread is { IsRuntime: true });

    private static JsonHeld[] Objects(Snapshot snapshot, ProcessNode process) =>
    [
        .. from edge in snapshot.EdgesFrom(process.Node)
           where edge.Kind is EdgeKind.HoldsOpen or EdgeKind.ListensOn or EdgeKind.Maps or EdgeKind.TakesPart or EdgeKind.HoldsLock
           let node = snapshot.FindObject(edge.To)
           where node is not null
           orderby edge.Kind is EdgeKind.Maps or EdgeKind.TakesPart or EdgeKind.HoldsLock ? edge.Kind : EdgeKind.HoldsOpen, edge.Descriptor
           let held = HeldObject.Of(snapshot, node, new ObjectUse(process, edge))
           select new JsonHeld(
               edge.Descriptor, held.Use.Relation, held.Use.Access, node.Id.ToString(), node.Kind.ToWord(), ObjectPage.NameOf(node), node.IsRuntime,
               [.. held.Others.Select(ObjectPage.UserOf)]),
    ];

    private static string[] NotPermitted(ProcessNode process, ProcessDetail? detail) =>
    [
        .. from part in Enum.GetValues<SnapshotParts>()
           where int.PopCount((int)part) == 1 && process.NotPermitted.HasFlag(part)
           select PageModel.Word(part),
        .. detail is { Memory: null } && !process.IsKernelThread ? (string[])["memory"] : [],
    ];

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using Isthmus.Inspection;

namespace Isthmus.Cli.Inspection;

/// <summary>What <c>show PID</c> prints.</summary>
internal sealed class ProcessReport
{
    private const string NotPermitted = "not permitted";

    private readonly TextWriter _output;

    private ProcessReport(TextWriter output) => _output = output;

    public static void Print(ProcessView view, TextWriter output) => new ProcessReport(output).Print(view);

    private void Print(ProcessView view)
    {
        ProcessNode process = view.Process;
        Row("process", process.ToString());
        Row("command", ProcessColumns.CommandOf(process));
        Row("executable", view.Detail?.Executable ?? Missing(process));
        Row("directory", view.Detail?.WorkingDirectory ?? Missing(process));
        Row("parent", view.Parent?.ToString() ?? Number(process.ParentId));
        Row("group", string.Create(CultureInfo.InvariantCulture, $"{process.GroupId}, session {process.SessionId}"));
        Row("user", UserOf(process));
        Row("state", process.State.ToString().ToLowerInvariant());
        Row("cpu", string.Create(
            CultureInfo.InvariantCulture, $"{process.UserTime.TotalSeconds:F2} s user, {process.SystemTime.TotalSeconds:F2} s system"));
        Row("memory", string.Create(CultureInfo.InvariantCulture, $"{process.ResidentBytes >> 10} KiB resident of {process.VirtualBytes >> 10} KiB"));
        foreach (string group in (view.Detail?.ControlGroups ?? []).Where(group => !group.EndsWith(":/", StringComparison.Ordinal)))
        {
            Row("cgroup", group);
        }
        Row("namespaces", view.Detail?.Namespaces is { } spaces ? string.Join(' ', spaces.Select(each => $"{each.Key}:{each.Value}")) : NotPermitted);
        PrintLimits(view.Detail);
        PrintSignals(view.Detail);
        PrintMemory(view);
        PrintThreads(view);
        PrintObjects(view);
    }

    private static string UserOf(ProcessNode process) => process.UserId == process.EffectiveUserId
        ? UserNames.Of(process.UserId)
        : $"{UserNames.Of(process.UserId)}, with the rights of {UserNames.Of(process.EffectiveUserId)}";

    private void PrintLimits(ProcessDetail? detail)
    {
        if (detail?.Limits is not { } limits)
        {
            Row("limits", NotPermitted);
            return;
        }
        Row("limits", string.Join(", ", limits.Where(limit => limit.Soft is not null)
            .Select(limit => string.Create(CultureInfo.InvariantCulture, $"{JsonSignal.Word(limit.Resource)} {limit.Soft}"))));
    }

    private void PrintSignals(ProcessDetail? detail)
    {
        if (detail?.Signals is not [{ } main, ..])
        {
            return;
        }
        Row("caught", Names(main.Caught));
        Row("ignored", Names(main.Ignored));
        Row("blocked", Names(main.Blocked));
        Row("pending", Names(main.Pending.Union(main.SharedPending)));
    }

    // Who has ended, or is a thread of the kernel, has no program and no memory: nothing is hidden there.
    private static string Missing(ProcessNode process) => process.IsKernelThread || process.State is ThreadRunState.Zombie ? "none" : NotPermitted;

    private void PrintMemory(ProcessView view)
    {
        if (view.Detail?.Memory is not { } ranges)
        {
            Row("segments", Missing(view.Process));
            return;
        }
        _output.WriteLine();
        foreach (string line in AddressSpaceBar.Draw(ranges))
        {
            _output.WriteLine(line);
        }
    }

    private void PrintThreads(ProcessView view)
    {
        _output.WriteLine();
        _output.WriteLine("threads:");
        foreach (WaitChain chain in view.Reason.Chains)
        {
            // What is awaited has no thread.
            string head = chain.Steps[0].Thread is { } thread
                ? string.Create(CultureInfo.InvariantCulture, $"  {thread.Id,7} {thread.Name,-15} ")
                : $"  {"-",7} {"",-15} ";
            _output.WriteLine(Printable.Of(head + chain));
        }
    }

    private void PrintObjects(ProcessView view)
    {
        _output.WriteLine();
        if (view.Process.NotPermitted.HasFlag(SnapshotParts.Descriptors))
        {
            _output.WriteLine("objects: " + NotPermitted);
            return;
        }
        _output.WriteLine("objects:");
        foreach (HeldObject held in view.Objects)
        {
            string how = held.Use.Edge.Descriptor is { } number ? Number(number) : "";
            string others = held.Others.Count == 0 ? "" : " <-> " + string.Join(", ", held.Others.Take(4).Select(ObjectReport.Describe))
                + (held.Others.Count > 4 ? string.Create(CultureInfo.InvariantCulture, $" and {held.Others.Count - 4} more") : "");
            _output.WriteLine(Printable.Of(
                $"  {how,7} {held.Use.Relation + " " + held.Use.Access,-10} {ObjectReport.Describe(held.Node, held.Node.Id)}{others}"));
        }
    }

    private static string? Names(SignalSet set) => set.Count == 0 ? null : set.ToString();

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private void Row(string label, string? value)
    {
        if (value is not null)
        {
            _output.WriteLine($"{label + ":",-12}{Printable.Of(value)}");
        }
    }
}

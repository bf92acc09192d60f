using System.Net.Sockets;

namespace Isthmus.Cli.Bench;

/// <summary>A contender before it is connected: its row, and what stands behind it.</summary>
internal sealed record ContenderEntry(BenchRow Row, Mechanism Mechanism, Rows Form, Reference Reference)
{
    /// <summary>The rows of the suites of messages: each mechanism's own, with the C program beside those that it answers to.</summary>
    public static IEnumerable<ContenderEntry> All(Func<Mechanism, Rows> formsOf) =>
        BenchCatalog.Mechanisms.SelectMany(mechanism => Of(mechanism, formsOf(mechanism)));

    /// <summary>Connects it; null, and a gap in the report, when this machine does not let us.</summary>
    public Contender? TryConnect(SuiteRun run)
    {
        if (!Placement.HasTwo && Form == Rows.Sync)
        {
            run.AddMissing(Row, null, "Only one CPU is allowed: see the row with -1cpu.");
            return null;
        }
        try
        {
            if (Reference == Reference.None)
            {
                return new ConnectedContender(Row, Mechanism, Form, run.Peer.Connect(Mechanism, run.Directory), run.Workspace);
            }
            if (run.References.TryStart(Mechanism.Reference!, Reference == Reference.Threads ? ["threads"] : [], out string reason) is ReferenceProgram program)
            {
                return new ReferenceContender(Row, Mechanism, Form, program);
            }
            run.AddMissing(Row, null, reason);
        }
        catch (Exception error) when (
            error is (IOException and not PeerLostException) or SocketException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            run.AddMissing(Row, null, error.Message);
        }
        return null;
    }

    /// <summary>Which rows are compared: ours with C's, and the awaited ones with the BCL's.</summary>
    public static IEnumerable<(string Row, string Against)> Pairs(Func<Mechanism, Rows> formsOf)
    {
        ContenderEntry[] all = [.. All(formsOf)];
        return from ours in all
               where ours.Reference == Reference.None
               from theirs in all
               where theirs.Form == ours.Form
                   && (theirs.Reference != Reference.None && theirs.Mechanism == ours.Mechanism
                       || ours.Form == Rows.Async && ours.Mechanism.AsyncRival == theirs.Mechanism.Name)
               select (ours.Row.Name, theirs.Row.Name);
    }

    private static IEnumerable<ContenderEntry> Of(Mechanism mechanism, Rows forms)
    {
        foreach (Rows form in new[] { Rows.Sync, Rows.OneCpu, Rows.Async }.Where(form => forms.HasFlag(form)))
        {
            string name = mechanism.Name + form switch
            {
                Rows.OneCpu => "-1cpu",
                Rows.Async when forms.HasFlag(Rows.Sync) => "-async",
                _ => "",
            };
            yield return new ContenderEntry(new BenchRow(mechanism.Name, name), mechanism, form, Reference.None);
            if (form != Rows.Async && mechanism.Reference is not null)
            {
                yield return new ContenderEntry(new BenchRow(mechanism.Name, "c:" + name), mechanism, form, Reference.Plain);
                yield return new ContenderEntry(new BenchRow(mechanism.Name, $"c:{name}-threads"), mechanism, form, Reference.Threads);
            }
        }
    }
}

/// <summary>Which program in C stands behind a row.</summary>
internal enum Reference
{
    None,
    Plain,

    /// <summary>With a second, idle thread in each process, as any .NET process has: the kernel then finds descriptors the long way.</summary>
    Threads,
}

using System.Net.Sockets;

namespace Isthmus.Cli.Bench;

/// <summary>Makes a contender; null with the reason when this machine lacks something for it.</summary>
internal delegate Contender? Connector(ContenderEntry entry, SuiteRun run, out string reason);

/// <summary>A contender before it is connected: its row, where its processes run, and how it is had.</summary>
internal sealed record ContenderEntry(BenchRow Row, Rows Form, Connector Connect)
{
    /// <summary>The rows that it is compared with, in the suites that have them.</summary>
    public IReadOnlyList<string> Rivals { get; init; } = [];

    /// <summary>It is measured at the suite's outermost sizes, too.</summary>
    public bool IsWide { get; init; }

    /// <summary>The rows of the suites of messages: each mechanism's own, with the C program beside those that it answers to; then the peers.</summary>
    public static IEnumerable<ContenderEntry> All(Func<Mechanism, Rows> formsOf) =>
        [.. BenchCatalog.Mechanisms.SelectMany(mechanism => Of(mechanism, formsOf(mechanism))), .. BenchCatalog.Peers.Select(Of)];

    /// <summary>Which rows are compared: ours with C's and with their rivals.</summary>
    public static IEnumerable<(string Row, string Against)> Pairs(IEnumerable<ContenderEntry> entries)
    {
        ContenderEntry[] all = [.. entries];
        HashSet<string> known = [.. all.Select(entry => entry.Row.Name)];
        return from ours in all from rival in ours.Rivals where known.Contains(rival) select (ours.Row.Name, rival);
    }

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
            if (Connect(this, run, out string reason) is Contender contender)
            {
                return contender;
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
            bool hasReference = form != Rows.Async && mechanism.Reference is not null;
            IEnumerable<string> references = hasReference ? [$"c:{name}", $"c:{name}-threads"] : [];
            yield return new ContenderEntry(new BenchRow(mechanism.Family, name), form, Connected(mechanism))
            {
                Rivals = [.. references, .. mechanism.RivalsOf(form)],
                IsWide = mechanism.IsWide,
            };
            foreach (string reference in references)
            {
                yield return new ContenderEntry(new BenchRow(mechanism.Family, reference), form, Started(mechanism, reference))
                {
                    IsWide = mechanism.IsWide,
                };
            }
        }
    }

    private static ContenderEntry Of(PeerLibrary peer) => new(new BenchRow(peer.Name, peer.Name), Rows.Sync, Started(peer)) { IsWide = true };

    private static Connector Connected(Mechanism mechanism) => (ContenderEntry entry, SuiteRun run, out string reason) =>
    {
        reason = "";
        if (mechanism.Sleeps)
        {
            return new PairContender(entry, mechanism, run);
        }
        return new ConnectedContender(entry, mechanism, run.Peer.Connect(mechanism, run.Directory), run.Workspace);
    };

    // With a second, idle thread in each process, as any .NET process has, the kernel finds descriptors the long way.
    private static Connector Started(Mechanism mechanism, string row) => (ContenderEntry entry, SuiteRun run, out string reason) =>
    {
        IReadOnlyList<string> arguments = row.EndsWith("-threads", StringComparison.Ordinal) ? ["threads"] : [];
        ReferenceProgram? program = run.References.TryStart(mechanism.Reference!, arguments, out reason);
        return program is null ? null : new ReferenceContender(entry, mechanism.Allows, program);
    };

    private static Connector Started(PeerLibrary peer) => (ContenderEntry entry, SuiteRun run, out string reason) =>
    {
        ReferenceProgram? program = run.References.TryStart(peer.Source, [], out reason);
        if (program is null)
        {
            return null;
        }
        program.Ask("hello"); // It may be installed and not work: then it is missing, and not an error.
        return new ReferenceContender(entry, _ => true, program);
    };
}

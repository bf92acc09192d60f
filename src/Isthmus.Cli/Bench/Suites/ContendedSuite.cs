using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>
/// Several processes that do nothing but enter a lock, count one, and leave. The size of a row is how many they are. The counter is plain memory:
/// if it
/// is not the sum of what they did, the lock did not lock, and no figure of the run counts.
/// </summary>
internal sealed class ContendedSuite : Suite
{
    private const int RoundsMax = 5;

    private static readonly int[] s_counts = [2, 4, 8];
    private static readonly TimeSpan s_lead = TimeSpan.FromMilliseconds(20);

    public override string Name => "contended";

    public override string Title => "Contended: operations a second of all processes together, by how many there are";

    public override int Rank => 65;

    public override TimeSpan Budget => TimeSpan.FromSeconds(4);

    public override TimeSpan QuickBudget => TimeSpan.FromSeconds(1.5);

    public override IEnumerable<BenchRow> Rows =>
        BenchCatalog.Contended.SelectMany(each => each.Reference is null ? [OwnRow(each)] : new[] { OwnRow(each), ReferenceRow(each) });

    public override IEnumerable<(string Row, string Against)> Pairs =>
        from each in BenchCatalog.Contended
        where each.Reference is not null
        select (each.Name, ReferenceRow(each).Name);

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new ContendedSuite());

    public override void Run(SuiteRun run)
    {
        BenchRow[] rows = [.. Rows.Where(run.Wants)];
        if (rows.Length == 0)
        {
            return;
        }
        foreach ((int index, int count) in s_counts.Index())
        {
            run.Report(index / (double)s_counts.Length, $"{count} processes");
            Measure(run, rows, run.Crowd(count), run.Budget / s_counts.Length);
        }
    }

    private static BenchRow OwnRow(ContendedLock shared) => new(shared.Name, shared.Name);

    private static BenchRow ReferenceRow(ContendedLock shared) => new(shared.Name, "c:" + shared.Name);

    // Rounds of all rows in turn, so that what disturbs the machine disturbs all.
    private static void Measure(SuiteRun run, BenchRow[] rows, IReadOnlyList<PeerProcess> peers, TimeSpan budget)
    {
        TimeSpan round = budget / (rows.Length * RoundsMax);
        Dictionary<BenchRow, List<Shares>> results = rows.ToDictionary(row => row, _ => new List<Shares>());
        for (int i = 0; i < RoundsMax; i++)
        {
            foreach (BenchRow row in rows)
            {
                if (Once(run, row, peers, round) is { } shares)
                {
                    results[row].Add(shares);
                }
            }
        }
        foreach ((BenchRow row, List<Shares> shares) in results.Where(result => result.Value.Count > 0))
        {
            run.Add(row, peers.Count, Metric.Operations, [.. shares.Select(share => share.All / round.TotalSeconds)], "/s");
            run.Add(row, peers.Count, Metric.Fairness, Statistics.Median([.. shares.Select(share => share.Least / share.Most)]), "ratio");
        }
    }

    private static Shares? Once(SuiteRun run, BenchRow row, IReadOnlyList<PeerProcess> peers, TimeSpan time)
    {
        ContendedLock shared = BenchCatalog.Contended.Single(each => each.Name == row.Family);
        if (row == OwnRow(shared))
        {
            return Contend(shared, peers, time);
        }
        using ReferenceProgram? program = run.References.TryStart(shared.Reference!, [], out string reason);
        if (program is null)
        {
            run.AddMissing(row, peers.Count, reason);
            return null;
        }
        string command = string.Create(CultureInfo.InvariantCulture, $"contend {peers.Count} {Math.Ceiling(time.TotalMilliseconds)}");
        double[] answer = program.Ask(row.Name, peers.Count, command);
        return new Shares(answer[0], answer[1], answer[2]);
    }

    private static Shares Contend(ContendedLock shared, IReadOnlyList<PeerProcess> peers, TimeSpan time)
    {
        using AnonymousMemory memory = AnonymousMemory.Create(Environment.SystemPageSize);
        (IDisposable owner, SafeFileHandle handle) = shared.Create();
        using (owner)
        using (handle)
        {
            long start = Stopwatch.GetTimestamp() + (long)(s_lead.TotalSeconds * peers.Count * Stopwatch.Frequency);
            long end = start + (long)(time.TotalSeconds * Stopwatch.Frequency);
            foreach (PeerProcess peer in peers)
            {
                peer.Send(ContendRole.Contend, [handle, memory.Handle], shared.Name, start, end);
            }
            foreach (PeerProcess peer in peers)
            {
                peer.Receive();
            }
            double[] done = [.. peers.Select(peer => (double)long.Parse(peer.Receive().Words[0], CultureInfo.InvariantCulture))];
            long counted = memory.AsSpan<long>(0, 1)[0];
            return done.Sum() == counted
                ? new Shares(counted, done.Min(), done.Max())
                : throw new CorruptDataException(shared.Name, peers.Count, (long)Math.Abs(done.Sum() - counted));
        }
    }

    /// <summary>What the processes did: all together, and the one that did least and most.</summary>
    private sealed record Shares(double All, double Least, double Most);
}

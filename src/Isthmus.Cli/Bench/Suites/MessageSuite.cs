using System.Diagnostics;

namespace Isthmus.Cli.Bench;

/// <summary>
/// Suites of messages by size. All rows are measured in turns, many short rounds each, and a row's figure is the median of
/// its rounds: what the machine does meanwhile hits all rows alike, and one bad round changes nothing.
/// </summary>
internal abstract class MessageSuite : Suite
{
    private const int RoundsMax = 31;
    private const double WarmUpPart = 0.08, WarmUpPartMax = 0.25;

    // So long it takes until what is called often is compiled for good, on a machine that has other things to do.
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(1);

    // Of reference programs that have ended or hang.
    private readonly HashSet<Contender> _lost = [];

    public override IEnumerable<BenchRow> Rows => Entries.Select(entry => entry.Row);

    public override IEnumerable<(string Row, string Against)> Pairs => ContenderEntry.Pairs(Entries);

    protected abstract IReadOnlyList<int> QuickSizes { get; }

    /// <summary>The outermost of the sizes, which only the rows that are made for them have.</summary>
    protected abstract IReadOnlyList<int> WideSizes { get; }

    protected virtual IEnumerable<ContenderEntry> Entries => ContenderEntry.All(FormsOf);

    protected abstract Rows FormsOf(Mechanism mechanism);

    protected abstract int ChunksMax(int size);

    /// <summary>One round; its figures.</summary>
    protected abstract double[] Measure(Contender contender, int size, int chunks);

    /// <summary>The figures of one row and size, from its rounds.</summary>
    protected abstract void Add(SuiteRun run, BenchRow row, int size, List<double[]> rounds);

    protected static double[] Column(List<double[]> rounds, int index) => [.. rounds.Select(round => round[index])];

    public override void Run(SuiteRun run)
    {
        List<Contender> contenders = [];
        foreach (ContenderEntry entry in Entries.Where(entry => run.Wants(entry.Row)))
        {
            run.Report(0, entry.Row.Name);
            if (entry.TryConnect(run) is Contender contender)
            {
                contenders.Add(contender);
            }
        }
        MeasureAll(run, contenders);
        // Not after a failure: the peer may be in the middle of its work and would not answer. The run ends it then.
        contenders.ForEach(contender => contender.Dispose());
    }

    private void MeasureAll(SuiteRun run, List<Contender> contenders)
    {
        IEnumerable<int> wanted = run.Options is { Quick: true, Sizes: [] } ? QuickSizes : Sizes.Where(run.Options.WantsSize);
        int[] sizes = [.. wanted.Where(size => contenders.Any(contender => Has(contender, size)))];
        WarmUp(run, [.. contenders.Where(contender => sizes.Any(size => Has(contender, size)))], sizes);
        int all = sizes.Sum(size => contenders.Count(contender => Has(contender, size)));
        int done = 0;
        foreach (int size in sizes)
        {
            List<Contender> present = [.. contenders.Where(contender => Has(contender, size))];
            done += present.Count;
            MeasureSize(run, present, size, run.Budget * (done / (double)Math.Max(1, all)));
        }
    }

    private bool Has(Contender contender, int size) => !_lost.Contains(contender) && contender.Carries(size) && (contender.IsWide || !WideSizes.Contains(size));

    // The first contacts of each row with the machine are not measured; nor is the time until the runtime has compiled the code
    // of both processes for good, which it does behind our back for methods that were called often.
    private void WarmUp(SuiteRun run, Contender[] contenders, int[] sizes)
    {
        TimeSpan least = run.Budget * WarmUpPart;
        TimeSpan most = run.Budget * WarmUpPartMax;
        TimeSpan end = run.Elapsed + (least > s_warmUp ? least : most < s_warmUp ? most : s_warmUp);
        do
        {
            foreach (Contender contender in contenders)
            {
                run.Report(0, contender.Row.Name);
                if (!_lost.Contains(contender))
                {
                    TryMeasure(run, contender, sizes.First(size => Has(contender, size)), 1);
                }
            }
        }
        while (run.Elapsed < end);
    }

    private void MeasureSize(SuiteRun run, List<Contender> contenders, int size, TimeSpan end)
    {
        TimeSpan share = (end - run.Elapsed) / Math.Max(1, contenders.Count);
        List<(Contender Contender, Pace Pace, List<double[]> Rounds)> rows = [];
        foreach (Contender contender in contenders)
        {
            Report(run, contender, size);
            rows.Add((contender, Calibrate(run, contender, size, share), []));
        }
        for (int round = 0; round < RoundsMax; round++)
        {
            foreach ((Contender contender, Pace pace, List<double[]> rounds) in rows.Where(row => round < row.Pace.Rounds))
            {
                Report(run, contender, size);
                if (TryMeasure(run, contender, size, pace.Chunks) is { } figures)
                {
                    rounds.Add(figures);
                }
            }
        }
        foreach ((Contender contender, _, List<double[]> rounds) in rows.Where(row => !_lost.Contains(row.Contender)))
        {
            Add(run, contender.Row, size, rounds);
        }
    }

    // Null when its program is lost, now or before.
    private double[]? TryMeasure(SuiteRun run, Contender contender, int size, int chunks)
    {
        try
        {
            return _lost.Contains(contender) ? null : Measure(contender, size, chunks);
        }
        catch (ReferenceLostException lost)
        {
            _lost.Add(contender);
            run.AddMissing(contender.Row, size, lost.Message);
            return null;
        }
    }

    private static void Report(SuiteRun run, Contender contender, int size) =>
        run.Report(run.Elapsed / run.Budget, $"{contender.Row.Name}, {ByteSize.Format(size)}");

    // The first chunk is at this size for the first time and not counted. Wall time, because the comparing takes time, too.
    private Pace Calibrate(SuiteRun run, Contender contender, int size, TimeSpan share)
    {
        if (share <= TimeSpan.Zero)
        {
            return new Pace(1, 1); // The time is over; each row still gets its figure.
        }
        TryMeasure(run, contender, size, 1);
        long start = Stopwatch.GetTimestamp();
        TryMeasure(run, contender, size, 1);
        TimeSpan chunk = Stopwatch.GetElapsedTime(start);
        double affordable = Math.Max((share - (2 * chunk)) / chunk, 1);
        int rounds = (int)Math.Clamp(affordable, 1, RoundsMax);
        return new Pace(rounds, (int)Math.Clamp(affordable / rounds, 1, ChunksMax(size)));
    }

    private readonly record struct Pace(int Rounds, int Chunks);
}

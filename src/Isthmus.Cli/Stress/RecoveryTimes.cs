using System.Diagnostics;
using Isthmus.Cli.Bench;

namespace Isthmus.Cli.Stress;

/// <summary>How long it took until another had what a killed process held.</summary>
internal sealed class RecoveryTimes
{
    private readonly long[] _sorted;

    private RecoveryTimes(long[] sorted, int duringPauses) => (_sorted, DuringPauses) = (sorted, duringPauses);

    /// <summary>Of how many deaths it is known, those during pauses excepted.</summary>
    public int Count => _sorted.Length;

    /// <summary>How many recoveries took place while somebody was paused, who may have been the one that was next: they count nowhere else.</summary>
    public int DuringPauses { get; }

    public TimeSpan Median => At(0.5);

    public TimeSpan Percentile99 => At(0.99);

    public TimeSpan Longest => At(1);

    /// <param name="ledger">The accounts of all processes that ever took part.</param>
    /// <param name="pauses">When somebody was paused.</param>
    public static RecoveryTimes Of(Ledger ledger, IReadOnlyList<(long From, long To)> pauses)
    {
        List<long> times = [];
        int disturbed = 0;
        for (long id = 1; id <= ledger.Records; id++)
        {
            (long seen, long succeeded) = (ledger[id].DeathSeenAt, ledger[id].SucceededAt);
            if (seen == 0 || succeeded == 0)
            {
                continue;
            }
            if (pauses.Any(pause => pause.From < succeeded && pause.To > seen))
            {
                disturbed++;
                continue;
            }
            // The death of a lock's owner is seen before that of its process.
            times.Add(Math.Max(0, succeeded - seen));
        }
        return new RecoveryTimes([.. times.Order()], disturbed);
    }

    private TimeSpan At(double part) =>
        _sorted.Length == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(0, Statistics.Percentile(_sorted, part));
}

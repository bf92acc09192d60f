using System.Diagnostics;
using Isthmus.Cli.Bench;

namespace Isthmus.Cli.Stress;

/// <summary>How long it took until another had what a killed process held.</summary>
internal sealed class RecoveryTimes
{
    private RecoveryTimes(IEnumerable<long> sinceDeath, IEnumerable<long> sinceKill, int duringPauses) =>
        (SinceDeath, SinceKill, DuringPauses) = (new Spread(sinceDeath), new Spread(sinceKill), duringPauses);

    /// <summary>Since the death could be seen: the process's pidfd was readable. 0 when it was recovered before that.</summary>
    public Spread SinceDeath { get; }

    /// <summary>Since SIGKILL was sent; the kernel's own time is in it.</summary>
    public Spread SinceKill { get; }

    /// <summary>Of how many deaths it is known, those during pauses excepted.</summary>
    public int Count => SinceDeath.Count;

    /// <summary>How many recoveries took place while somebody was paused, who may have been the one that was next: they count nowhere else.</summary>
    public int DuringPauses { get; }

    /// <param name="ledger">The accounts of all processes that ever took part.</param>
    /// <param name="pauses">When somebody was paused.</param>
    public static RecoveryTimes Of(Ledger ledger, IReadOnlyList<(long From, long To)> pauses)
    {
        List<long> sinceDeath = [], sinceKill = [];
        int disturbed = 0;
        for (long id = 1; id <= ledger.Records; id++)
        {
            (long seen, long succeeded) = (ledger[id].DeathSeenAt, ledger[id].SucceededAt);
            if (seen == 0 || succeeded is 0 or LedgerRecord.Unknown)
            {
                continue;
            }
            if (pauses.Any(pause => pause.From < succeeded && pause.To > seen))
            {
                disturbed++;
                continue;
            }
            // The kernel frees a dead owner's life lock before it tells of the death.
            sinceDeath.Add(Math.Max(0, succeeded - seen));
            sinceKill.Add(succeeded - ledger[id].KilledAt);
        }
        return new RecoveryTimes(sinceDeath, sinceKill, disturbed);
    }

    /// <summary>Times, in order of their length.</summary>
    internal sealed class Spread(IEnumerable<long> times)
    {
        private readonly long[] _sorted = [.. times.Order()];

        public int Count => _sorted.Length;

        public TimeSpan Median => At(0.5);

        public TimeSpan Percentile99 => At(0.99);

        public TimeSpan Longest => At(1);

        private TimeSpan At(double part) =>
            _sorted.Length == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(0, Statistics.Percentile(_sorted, part));
    }
}

using System.Globalization;

namespace Isthmus.Cli.Stress;

/// <summary>
/// Finds those who get nowhere. The time counts in which a process lives, is not paused, has no turn, and there is no reason for it: nobody is
/// paused, no death is under way, what it waits for has come about, and it has not just been denied a CPU.
/// </summary>
internal sealed class StuckWatch(StressReferee referee)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(1);

    // A controller that is itself late must not blame others for it.
    private static readonly TimeSpan s_stepMax = TimeSpan.FromMilliseconds(50);

    // Below that nobody looks what the threads do, which costs some system calls.
    private static readonly TimeSpan s_suspicious = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<long, (long Turns, TimeSpan Waited)> _waits = [];

    /// <summary>The longest time that one has got nowhere.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>Looks at those who are there, when nobody is paused and no death is under way.</summary>
    /// <param name="ledger">The accounts.</param>
    /// <param name="live">Who is there.</param>
    /// <param name="step">The time since the last look.</param>
    /// <exception cref="StressViolationException">One is stuck.</exception>
    public void Look(Ledger ledger, IReadOnlyList<long> live, TimeSpan step)
    {
        foreach (long id in live)
        {
            LedgerRecord record = ledger[id];
            long turns = Volatile.Read(ref record.Turns);
            (long seen, TimeSpan waited) = _waits.GetValueOrDefault(id);
            bool counts = record.Phase is not (WorkerPhase.Starting or WorkerPhase.Left) && turns == seen && !referee.HasReason(record)
                && (waited < s_suspicious || !IsRunning(record));
            TimeSpan longer = turns != seen ? TimeSpan.Zero : counts ? waited + (step < s_stepMax ? step : s_stepMax) : waited;
            _waits[id] = (turns, longer);
            Longest = longer > Longest ? longer : Longest;
            if (longer > s_limit)
            {
                throw new StressViolationException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Stuck: {record.ToString()} has waited for more than {s_limit.TotalSeconds:0} s after {turns} turns, and nothing is in its way."));
            }
        }
    }

    private static bool IsRunning(LedgerRecord record)
    {
        try
        {
            return ThreadInfo.Read((int)record.ProcessId).Any(thread => thread.State == ThreadRunState.Running);
        }
        catch (IOException)
        {
            return true; // It ends just now.
        }
    }
}

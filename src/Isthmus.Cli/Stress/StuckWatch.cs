using System.Globalization;

namespace Isthmus.Cli.Stress;

/// <summary>
/// Finds those who get nowhere. The time counts in which a process lives, is not paused, has no turn, and there is no reason for it: nobody is
/// paused, no death is under way, what it waits for has come about, and it has not just been denied a CPU.
/// </summary>
internal sealed class StuckWatch(StressReferee referee)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(1);

    // Nobody at all gets anywhere, whatever each one's reason is.
    private static readonly TimeSpan s_standstillLimit = TimeSpan.FromSeconds(5);

    // Below that nobody looks what the threads do, which costs some system calls.
    private static readonly TimeSpan s_suspicious = TimeSpan.FromMilliseconds(20);

    private readonly Dictionary<long, (long Turns, TimeSpan Waited)> _waits = [];
    private long _turns;
    private TimeSpan _standstill;

    /// <summary>The longest time that one has got nowhere.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>Whether nobody has got anywhere for a while.</summary>
    public bool IsSuspicious => _standstill > s_suspicious;

    /// <summary>Looks at those who are there, when nobody is paused and no death is under way.</summary>
    /// <param name="ledger">The accounts.</param>
    /// <param name="live">Who is there.</param>
    /// <param name="step">The time since the last look.</param>
    /// <param name="granted">How much of it those who are there could use.</param>
    /// <exception cref="StressViolationException">One is stuck.</exception>
    public void Look(Ledger ledger, IReadOnlyList<long> live, TimeSpan step, TimeSpan granted)
    {
        LookAtAll(ledger, live, granted);
        foreach (long id in live)
        {
            LedgerRecord record = ledger[id];
            long turns = Volatile.Read(ref record.Turns);
            (long seen, TimeSpan waited) = _waits.GetValueOrDefault(id);
            bool counts = record.Phase is not (WorkerPhase.Starting or WorkerPhase.Left)
                && (waited < s_suspicious || (!referee.HasReason(record) && !IsRunning(record)));
            TimeSpan longer = turns != seen ? TimeSpan.Zero : counts ? waited + step : waited;
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

    private void LookAtAll(Ledger ledger, IReadOnlyList<long> live, TimeSpan step)
    {
        // A process more or less is a change, too.
        long turns = live.Sum(id => id + Volatile.Read(ref ledger[id].Turns));
        bool counts = turns == _turns && live.Count > 0 && live.All(id => ledger[id].Phase is not (WorkerPhase.Starting or WorkerPhase.Left));
        (_turns, _standstill) = (turns, counts ? _standstill + step : TimeSpan.Zero);
        if (_standstill > s_standstillLimit)
        {
            throw new StressViolationException(string.Create(
                CultureInfo.InvariantCulture, $"Stuck: nobody has had a turn for {s_standstillLimit.TotalSeconds:0} s, and each waits for another."));
        }
    }

    /// <summary>Whether a thread of it has a CPU, or wants one.</summary>
    public static bool IsRunning(LedgerRecord record)
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

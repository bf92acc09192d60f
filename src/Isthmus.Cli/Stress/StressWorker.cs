using System.Globalization;

namespace Isthmus.Cli.Stress;

/// <summary>What a process of a run does, over and over. It may be killed or paused at any instruction.</summary>
internal abstract class StressWorker(StressPlace place, long id) : IDisposable
{
    private const int SpinsMax = 200, YieldsOneIn = 60;

    protected StressPlace Place { get; } = place;

    protected long Id { get; } = id;

    protected Random Random { get; } = new(HashCode.Combine(place.Seed, id));

    protected int Seat { get; } = (int)place.Ledger[id].Seat;

    protected LedgerRecord Record => Place.Ledger[Id];

    /// <summary>Where it stands; said before it goes there.</summary>
    protected WorkerPhase Phase
    {
        set
        {
            LedgerRecord record = Record;
            record.Phase = value;
        }
    }

    /// <summary>Takes turns until it is told to stop.</summary>
    public void Run()
    {
        Ledger ledger = Place.Ledger;
        Record.ProcessId = Environment.ProcessId;
        Phase = WorkerPhase.Idle;
        while (Volatile.Read(ref ledger.Stopping) == 0)
        {
            Turn();
            Record.Turns++;
            Dally();
        }
        Phase = WorkerPhase.Left;
    }

    public abstract void Dispose();

    /// <summary>Asks, holds, gives back; once.</summary>
    protected abstract void Turn();

    /// <summary>Spends a moment, and now and then gives the CPU away.</summary>
    protected void Dally()
    {
        if (Random.Next(YieldsOneIn) == 0)
        {
            Thread.Sleep(0);
        }
        Thread.SpinWait(Random.Next(SpinsMax));
    }

    /// <summary>True once in so many times.</summary>
    protected bool OnceIn(int times) => Random.Next(times) == 0;

    /// <summary>A short time to wait for something.</summary>
    protected TimeSpan Moment() => TimeSpan.FromMicroseconds(Random.Next(3000));

    /// <summary>Runs an awaited form that is cancelled after a moment; false when that came first.</summary>
    protected bool TryAwait(Func<CancellationToken, ValueTask<bool>> wait)
    {
        using CancellationTokenSource limit = new(Moment());
        try
        {
            return wait(limit.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    protected static StressViolationException Violation(FormattableString message) => new(message.ToString(CultureInfo.InvariantCulture));
}

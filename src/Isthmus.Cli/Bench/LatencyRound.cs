using System.Diagnostics;

namespace Isthmus.Cli.Bench;

/// <summary>
/// One side of a round of messages there and back, in whatever process it runs: sends them, compares what came back, and says how long each took.
/// </summary>
internal sealed class LatencyRound(Connection connection, Messages messages, byte[] ring, long[] ticks, long[] samples)
{
    private readonly int _count = Messages.LatencySlots(messages.Size);
    private int _taken;
    private long _plainTicks;
    private long _plainCount;

    /// <summary>How many messages came back with another byte.</summary>
    public int Wrong { get; private set; }

    /// <summary>The times of single messages.</summary>
    public void Run(bool isAsync)
    {
        if (isAsync)
        {
            PingPong.RunAsync(connection, messages, ring, ticks.AsMemory(0, _count)).GetAwaiter().GetResult();
        }
        else
        {
            PingPong.Run(connection, messages, ring, ticks.AsSpan(0, _count));
        }
        // The first of a chunk finds the other side cold: it is compared and not counted.
        ticks.AsSpan(1, _count - 1).CopyTo(samples.AsSpan(_taken));
        _taken += _count - 1;
        Wrong += messages.CountWrong(ring, _count);
    }

    /// <summary>The time of all of them together, with no clock among them.</summary>
    public void RunPlain()
    {
        PingPong.Run(connection, messages, ring, 0, 1);
        long start = Stopwatch.GetTimestamp();
        PingPong.Run(connection, messages, ring, 1, _count);
        _plainTicks += Stopwatch.GetTimestamp() - start;
        _plainCount += _count - 1;
        Wrong += messages.CountWrong(ring, _count);
    }

    public LatencySample Sample()
    {
        Span<long> taken = samples.AsSpan(0, _taken);
        taken.Sort();
        double? mean = _plainCount == 0 ? null : Nanoseconds(_plainTicks) / _plainCount;
        return new LatencySample(Nanoseconds(Statistics.Percentile(taken, 0.5)), Nanoseconds(Statistics.Percentile(taken, 0.99)), mean);
    }

    private static double Nanoseconds(long ticks) => ticks * (1e9 / Stopwatch.Frequency);
}

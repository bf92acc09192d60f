namespace Isthmus.Cli.Bench;

/// <summary>
/// Something that exchanges messages between two processes and is measured beside others: a mechanism in one placement, sync or
/// async, or a reference program.
/// </summary>
internal abstract class Contender(ContenderEntry entry) : IDisposable
{
    public BenchRow Row => entry.Row;

    public bool IsWide => entry.IsWide;

    public abstract bool Carries(int size);

    /// <summary>Sends this many chunks of messages there and back, one at a time, and compares all of them.</summary>
    public abstract LatencySample Latency(int size, int chunks);

    /// <summary>Sends this many chunks of messages one way and compares all of them.</summary>
    public abstract ThroughputSample Throughput(int size, int chunks);

    public abstract void Dispose();
}

/// <summary>Round trips of one round, in ns. The mean is of others, with no clock among them; null where one is too small a part to ask for it.</summary>
internal readonly record struct LatencySample(double P50, double P99, double? Mean = null);

/// <summary>One round of a stream: the time from the first send to the last receipt, and how many messages went and came.</summary>
internal readonly record struct ThroughputSample(double Nanoseconds, long Sent, long Received)
{
    public double Rate => Received / Nanoseconds * 1e9;
}

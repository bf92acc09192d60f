using System.Diagnostics;

namespace Isthmus.Cli.Bench;

/// <summary>
/// Copies pieces of memory as large as the messages, in turns with the rows that pass them on: what any copy takes from memory that no cache holds.
/// </summary>
internal sealed class MemoryCopyContender(ContenderEntry entry) : Contender(entry)
{
    // Source and target are each larger than the caches of the machines that this is for.
    private const int Bytes = 64 << 20;

    private readonly byte[] _source = Touched(1);
    private readonly byte[] _target = Touched(2);
    private int _offset;

    /// <summary>The row, for the suite of streams.</summary>
    public static IEnumerable<ContenderEntry> Entries =>
    [
        new(new BenchRow("limit:memcpy", "limit:memcpy"), Bench.Rows.OneCpu, Create) { IsWide = true },
    ];

    private static Connector Create => (ContenderEntry entry, SuiteRun _, out string reason) =>
    {
        reason = "";
        return new MemoryCopyContender(entry);
    };

    public override bool Carries(int size) => true;

    public override LatencySample Latency(int size, int chunks) => throw new NotSupportedException();

    public override ThroughputSample Throughput(int size, int chunks)
    {
        int count = Messages.InMemorySlots(size) * chunks;
        Placement.Pin(Placement.First);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            _offset = _offset + size > Bytes ? 0 : _offset;
            _source.AsSpan(_offset, size).CopyTo(_target.AsSpan(_offset, size));
            _offset += size;
        }
        double nanoseconds = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        Placement.Pin(Placement.Anywhere);
        return new ThroughputSample(nanoseconds, count, count);
    }

    public override void Dispose()
    {
    }

    private static byte[] Touched(byte value)
    {
        byte[] memory = new byte[Bytes];
        memory.AsSpan().Fill(value);
        return memory;
    }
}

using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>
/// One cache line that goes to and fro, with eight bytes of each message in it: no channel that passes messages between two CPUs can be faster. It
/// takes turns with them, for the median in the same loop, clock and all; for the mean it is the bare exchange of <see cref="CacheLine"/>.
/// </summary>
internal sealed class CacheLineMechanism : Mechanism
{
    private const int PartBytes = sizeof(long);

    public override string Name => "limit:cache-line";

    public override int Rank => 0;

    public override Rows Latency => Rows.Sync;

    public override Rows Throughput => Rows.None;

    public override bool IsWide => true;

    public override bool IsInMemory => true;

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new CacheLineMechanism());

    public override int PartOf(int size) => Math.Min(size, PartBytes);

    public override double? MeasureBare(PeerProcess peer, int count) => CacheLine.Measure(peer, count);

    public override Offer Offer(string directory)
    {
        AnonymousMemory memory = AnonymousMemory.Create(Environment.SystemPageSize);
        return new Offer("", [memory.Handle], () => new LineConnection(memory));
    }

    public override Connection Join(string address, IReadOnlyList<SafeFileHandle> handles) =>
        new LineConnection(AnonymousMemory.FromHandle(handles[0]));

    // The line's first word counts the messages of both ways: whoever waits for the next one sees it there.
    private sealed class LineConnection(AnonymousMemory memory) : Connection
    {
        private const int Payload = sizeof(long);

        private long _count;

        public override void Send(ReadOnlySpan<byte> message)
        {
            Span<byte> line = memory.AsSpan<byte>(0, Payload + PartBytes);
            message.CopyTo(line[Payload..]);
            Volatile.Write(ref memory.AsSpan<long>(0, 1)[0], ++_count); // Release: pairs with the acquire in Receive.
        }

        public override void Receive(Span<byte> message)
        {
            ref long count = ref memory.AsSpan<long>(0, 1)[0];
            long next = ++_count;
            while (Volatile.Read(ref count) != next)
            {
                // No pause: the wait is shorter than one.
            }
            memory.AsReadOnlySpan<byte>(Payload, message.Length).CopyTo(message);
        }

        public override void Dispose() => memory.Dispose();
    }
}

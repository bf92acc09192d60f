namespace Isthmus.Cli.Bench;

/// <summary>
/// One of this library's channels in shared memory. It has several of them side by side, each for messages up to a size: small ones shall not wander
/// through megabytes of memory because large ones need as much.
/// </summary>
internal abstract class ChannelMechanism : Mechanism
{
    public override Rows Latency => Rows.Sync | Rows.OneCpu | Rows.Async;

    public override Rows Throughput => Rows.Sync | Rows.OneCpu | Rows.Async;

    public override bool IsWide => true;

    public override bool IsInMemory => true;

    public override bool IsChannel => true;

    public override int? SizeMax => Tiers[^1];

    /// <summary>The longest messages of each, in bytes, in ascending order.</summary>
    protected virtual IReadOnlyList<int> Tiers => [4096, 256 << 10, Messages.SizeMax];

    public override Offer Offer(string directory)
    {
        (IReadOnlyList<SafeFileHandle> Handles, Connection End)[] made = [.. Tiers.Select(Create)];
        SafeFileHandle[] handles = [.. made.SelectMany(each => each.Handles)];
        return new Offer("", handles, () =>
        {
            Array.ForEach(handles, handle => handle.Dispose());
            return Tiered(made.Select(each => each.End));
        });
    }

    public override Connection Join(string address, IReadOnlyList<SafeFileHandle> handles)
    {
        int each = handles.Count / Tiers.Count;
        Connection connection = Tiered(Tiers.Select((size, tier) => Join(size, [.. handles.Skip(tier * each).Take(each)])));
        foreach (SafeFileHandle handle in handles)
        {
            handle.Dispose();
        }
        return connection;
    }

    /// <summary>Makes one for messages up to a size: our end, and what the peer opens. The handles are disposed when the peer has them.</summary>
    protected abstract (IReadOnlyList<SafeFileHandle> Handles, Connection End) Create(int sizeMax);

    /// <summary>In the peer: opens its end. The handles are disposed afterwards.</summary>
    protected abstract Connection Join(int sizeMax, IReadOnlyList<SafeFileHandle> handles);

    private TieredConnection Tiered(IEnumerable<Connection> ends) => new(Tiers, [.. ends]);

    private sealed class TieredConnection(IReadOnlyList<int> tiers, Connection[] ends) : Connection
    {
        private int _tier;

        private Connection End => ends[_tier];

        public override void Prepare(int size)
        {
            _tier = tiers.Index().First(tier => tier.Item >= size).Index;
            End.Prepare(size);
        }

        public override void Send(ReadOnlySpan<byte> message) => End.Send(message);

        public override void Receive(Span<byte> message) => End.Receive(message);

        public override void Exchange(ReadOnlySpan<byte> message, Span<byte> answer) => End.Exchange(message, answer);

        public override ValueTask SendAsync(ReadOnlyMemory<byte> message) => End.SendAsync(message);

        public override ValueTask ReceiveAsync(Memory<byte> message) => End.ReceiveAsync(message);

        public override ValueTask ExchangeAsync(ReadOnlyMemory<byte> message, Memory<byte> answer) => End.ExchangeAsync(message, answer);

        public override bool Batches => End.Batches;

        public override void SendMany(ReadOnlySpan<byte> messages, int size) => End.SendMany(messages, size);

        public override void ReceiveMany(Span<byte> messages, int size) => End.ReceiveMany(messages, size);

        public override void Dispose()
        {
            Array.ForEach(ends, end => end.Dispose());
        }
    }
}

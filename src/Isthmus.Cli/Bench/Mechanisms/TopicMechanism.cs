using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>A <see cref="Topic"/> for each way, with subscribers that lose nothing: one, or three, which the other process reads one after the other.</summary>
internal sealed class TopicMechanism(string name, int rank, string? variantOf, int subscribers) : ChannelMechanism
{
    private const int BufferBytes = 256 << 10;

    public override string Name => name;

    public override int Rank => rank;

    public override string? VariantOf => variantOf;

    public override Rows Latency => subscribers == 1 ? base.Latency : Rows.Sync;

    public override Rows Throughput => subscribers == 1 ? base.Throughput : Rows.Sync;

    public override IReadOnlyList<string> Rivals => subscribers == 1 ? ["limit:cache-line", "queue"] : ["topic"];

    // A sample's place is as large as the largest one.
    protected override IReadOnlyList<int> Tiers => [64, 512, 4096, 64 << 10, 1 << 20, Messages.SizeMax];

    [ModuleInitializer]
    internal static void Register()
    {
        BenchCatalog.Add(new TopicMechanism("topic", 5, null, 1));
        BenchCatalog.Add(new TopicMechanism("topic-1to3", 6, "topic", 3));
    }

    protected override (IReadOnlyList<SafeFileHandle> Handles, Connection End) Create(int sizeMax)
    {
        TopicOptions options = new()
        {
            MaxSampleSize = sizeMax,
            MaxPublishers = 1,
            MaxSubscribers = subscribers,
            MaxLoans = 1,
            Buffer = Math.Clamp(BufferBytes / sizeMax, 2, 1024),
        };
        Topic there = Topic.CreateUnnamed(options);
        Topic back = Topic.CreateUnnamed(options with { MaxSubscribers = 1 });
        return ([there.Share(), back.Share()], new TopicConnection(back, there, 1));
    }

    protected override Connection Join(int sizeMax, IReadOnlyList<SafeFileHandle> handles) =>
        new TopicConnection(Topic.OpenUnnamed(handles[0]), Topic.OpenUnnamed(handles[1]), subscribers);

    private sealed class TopicConnection(Topic input, Topic output, int subscribers) : Connection
    {
        private readonly Publisher _publisher = output.CreatePublisher();
        private readonly Subscriber[] _subscribers =
            [.. Enumerable.Range(0, subscribers).Select(_ => input.CreateSubscriber(new SubscriberOptions { Overflow = TopicOverflow.Block }))];

        public override void Send(ReadOnlySpan<byte> message) => _publisher.Publish(message);

        public override void Receive(Span<byte> message)
        {
            foreach (Subscriber subscriber in _subscribers)
            {
                Expect(subscriber.Receive(message), message.Length);
            }
        }

        public override ValueTask SendAsync(ReadOnlyMemory<byte> message) => _publisher.PublishAsync(message);

        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
        public override async ValueTask ReceiveAsync(Memory<byte> message) => Expect(await _subscribers[0].ReceiveAsync(message), message.Length);

        public override void Dispose()
        {
            Array.ForEach(_subscribers, subscriber => subscriber.Dispose());
            _publisher.Dispose();
            input.Dispose();
            output.Dispose();
        }

        private static void Expect(TopicSampleInfo received, int length)
        {
            if (received.Length != length || received.Lost != 0)
            {
                throw new EndOfStreamException($"A sample of {received.Length} bytes came, not one of {length}; {received.Lost} were lost.");
            }
        }
    }
}

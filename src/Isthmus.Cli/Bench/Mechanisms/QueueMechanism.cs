using System.Numerics;
using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>A <see cref="SharedQueue"/> for each way, one producer and one consumer. Messages are copied in and out.</summary>
internal class QueueMechanism : ChannelMechanism
{
    public override string Name => "queue";

    public override int Rank => 1;

    public override IReadOnlyList<string> Rivals => ["limit:cache-line", "limit:memcpy", "peer:boost-mq", "peer:boost-mq-blocking", "peer:zmq", "peer:nng"];

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new QueueMechanism());

    /// <summary>
    /// A queue for messages up to a size. A message takes at most half a lane, less 8; a lane has 64 KiB at least, as if nothing were said.
    /// </summary>
    public static SharedQueueOptions Options(int sizeMax) => new()
    {
        MaxProducers = 1,
        MaxConsumers = 1,
        LaneCapacity = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(64 << 10, 3 * sizeMax)),
    };

    protected override (IReadOnlyList<SafeFileHandle> Handles, Connection End) Create(int sizeMax)
    {
        SharedQueue there = SharedQueue.CreateUnnamed(Options(sizeMax));
        SharedQueue back = SharedQueue.CreateUnnamed(Options(sizeMax));
        return ([there.Share(), back.Share()], Connect(back, there));
    }

    protected override Connection Join(int sizeMax, IReadOnlyList<SafeFileHandle> handles) =>
        Connect(SharedQueue.OpenUnnamed(handles[0]), SharedQueue.OpenUnnamed(handles[1]));

    protected virtual Connection Connect(SharedQueue input, SharedQueue output) => new QueueConnection(input, output);
}

/// <summary>A queue in and one out.</summary>
internal class QueueConnection(SharedQueue input, SharedQueue output) : Connection
{
    protected QueueConsumer Consumer { get; } = input.CreateConsumer();

    protected QueueProducer Producer { get; } = output.CreateProducer();

    public override void Send(ReadOnlySpan<byte> message) => Producer.Send(message);

    public override void Receive(Span<byte> message) => Expect(Consumer.Receive(message), message.Length);

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> message) => await Producer.SendAsync(message);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public override async ValueTask ReceiveAsync(Memory<byte> message) => Expect(await Consumer.ReceiveAsync(message), message.Length);

    public override void Dispose()
    {
        Producer.Dispose();
        Consumer.Dispose();
        input.Dispose();
        output.Dispose();
    }

    private static void Expect(QueueMessage received, int length)
    {
        if (received.Length != length)
        {
            throw new EndOfStreamException($"A message of {received.Length} bytes came ({received.Outcome}), not one of {length}.");
        }
    }
}

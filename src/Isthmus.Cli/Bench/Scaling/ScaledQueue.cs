using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>A <see cref="SharedQueue"/>: each sender has a lane, and any receiver takes from any of them.</summary>
internal sealed class ScaledQueue : ScaledChannel
{
    private static readonly TimeSpan s_silence = TimeSpan.FromMilliseconds(2);

    public override string Name => "queue";

    public override int Rank => 10;

    public override bool IsChannel => true;

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new ScaledQueue());

    public override ScaledOffer Offer(Shape shape)
    {
        SharedQueue queue = SharedQueue.CreateUnnamed(new() { MaxProducers = shape.Senders, MaxConsumers = shape.Receivers });
        SafeFileHandle handle = queue.Share();
        return new ScaledOffer([handle], [handle, queue]);
    }

    public override Connection Join(IReadOnlyList<SafeFileHandle> handles, bool sends)
    {
        using SafeFileHandle handle = handles[0];
        SharedQueue queue = SharedQueue.OpenUnnamed(handle);
        return new End(queue, sends ? queue.CreateProducer() : null, sends ? null : queue.CreateConsumer());
    }

    private sealed class End(SharedQueue queue, QueueProducer? producer, QueueConsumer? consumer) : Connection
    {
        public override void Send(ReadOnlySpan<byte> message) => producer!.Send(message);

        public override bool TryReceive(Span<byte> message) => consumer!.Receive(message, s_silence).Outcome == QueueReceiveOutcome.Received;

        public override void Dispose()
        {
            producer?.Dispose();
            consumer?.Dispose();
            queue.Dispose();
        }
    }
}

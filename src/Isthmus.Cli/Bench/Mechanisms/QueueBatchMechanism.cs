using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>A queue that is sent and received in batches: as many messages at once as there are, or as there is room for.</summary>
internal sealed class QueueBatchMechanism : QueueMechanism
{
    public override string Name => "queue-batch";

    public override int Rank => 2;

    public override string VariantOf => "queue";

    public override Rows Latency => Rows.None;

    public override Rows Throughput => Rows.Sync;

    public override IReadOnlyList<string> Rivals => ["limit:memcpy", "queue"];

    // A batch of longer ones would be a stream of its own.
    protected override IReadOnlyList<int> Tiers => [4096];

    [ModuleInitializer]
    internal static new void Register() => BenchCatalog.Add(new QueueBatchMechanism());

    protected override Connection Connect(SharedQueue input, SharedQueue output) => new BatchConnection(input, output);

    private sealed class BatchConnection(SharedQueue input, SharedQueue output) : QueueConnection(input, output)
    {
        public override bool Batches => true;

        public override void SendMany(ReadOnlySpan<byte> messages, int size)
        {
            QueueSendOutcome outcome = Producer.SendBatch(messages, size, out _);
            if (outcome != QueueSendOutcome.Sent)
            {
                throw new EndOfStreamException($"Sending messages ended: {outcome}.");
            }
        }

        public override void ReceiveMany(Span<byte> messages, int size)
        {
            while (!messages.IsEmpty)
            {
                Consumer.ReceiveBatch(out QueueBatch batch, messages.Length / size);
                while (batch.TryNext(out ReadOnlySpan<byte> message))
                {
                    message.CopyTo(messages);
                    messages = messages[size..];
                }
                batch.Dispose(); // Not by "using", which would dispose a copy of it from before.
            }
        }
    }
}

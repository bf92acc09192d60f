using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>A queue, while each of the two processes has a thousand others open, with a producer and a consumer each.</summary>
internal sealed class QueueCrowdMechanism : QueueMechanism
{
    private const int Others = 1000;

    public override string Name => "queue-1000";

    public override int Rank => 3;

    public override string VariantOf => "queue";

    public override Rows Latency => Rows.Sync;

    public override Rows Throughput => Rows.None;

    public override IReadOnlyList<string> Rivals => ["queue"];

    public override int? OnlySize => 64;

    protected override IReadOnlyList<int> Tiers => [4096];

    [ModuleInitializer]
    internal static new void Register() => BenchCatalog.Add(new QueueCrowdMechanism());

    protected override Connection Connect(SharedQueue input, SharedQueue output) => new CrowdConnection(input, output);

    private sealed class CrowdConnection(SharedQueue input, SharedQueue output) : QueueConnection(input, output)
    {
        private readonly IDisposable[] _others = [.. Enumerable.Range(0, Others).SelectMany(_ => Other())];

        public override void Dispose()
        {
            base.Dispose();
            Array.ForEach(_others, other => other.Dispose());
        }

        private static IDisposable[] Other()
        {
            SharedQueue queue = SharedQueue.CreateUnnamed(new() { MaxProducers = 1, MaxConsumers = 1, LaneCapacity = 4096 });
            return [queue.CreateConsumer(), queue.CreateProducer(), queue];
        }
    }
}

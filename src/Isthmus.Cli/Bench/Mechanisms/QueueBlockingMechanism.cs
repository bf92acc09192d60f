using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>A queue whose receivers sleep between messages, beside a bare futex in C.</summary>
internal sealed class QueueBlockingMechanism : QueueMechanism
{
    public override string Name => "queue-blocking";

    public override int Rank => 4;

    public override string VariantOf => "queue";

    public override Rows Latency => Rows.Sync | Rows.OneCpu;

    public override Rows Throughput => Rows.None;

    public override bool Sleeps => true;

    public override string Reference => "futex";

    public override IReadOnlyList<string> Rivals => ["peer:boost-mq-blocking"];

    [ModuleInitializer]
    internal static new void Register() => BenchCatalog.Add(new QueueBlockingMechanism());
}

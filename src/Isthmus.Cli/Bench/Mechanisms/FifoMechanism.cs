using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>Two FIFOs, one for each way: pipes with a name. fifo(7)</summary>
internal sealed class FifoMechanism : Mechanism
{
    private int _count;

    public override string Name => "fifo";

    public override int Rank => 12;

    public override Rows Latency => Rows.Sync | Rows.OneCpu;

    public override Rows Throughput => Rows.Sync | Rows.OneCpu;

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new FifoMechanism());

    public override Offer Offer(string directory)
    {
        string path = Path.Combine(directory, $"fifo{++_count}");
        Fifo.Create(There(path));
        Fifo.Create(Back(path));
        // Both sides open in the same order: each open waits for the other side's.
        return new Offer(path, [], () =>
        {
            PipeWriteEnd writer = Fifo.OpenWrite(There(path));
            return new PipeConnection(Fifo.OpenRead(Back(path)), writer);
        });
    }

    public override Connection Join(string address, IReadOnlyList<SafeFileHandle> handles)
    {
        PipeReadEnd reader = Fifo.OpenRead(There(address));
        return new PipeConnection(reader, Fifo.OpenWrite(Back(address)));
    }

    private static string There(string path) => path + ".there";

    private static string Back(string path) => path + ".back";
}

using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>Two anonymous pipes, one for each way. pipe(7)</summary>
internal sealed class PipeMechanism : Mechanism
{
    public override string Name => "pipe";

    public override int Rank => 10;

    public override Rows Latency => Rows.Sync | Rows.OneCpu | Rows.Async;

    public override Rows Throughput => Rows.Sync | Rows.OneCpu | Rows.Async;

    public override string Reference => "pipe";

    public override string AsyncRival => "bcl:named-pipe";

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new PipeMechanism());

    public override Offer Offer(string directory)
    {
        AnonymousPipe there = AnonymousPipe.Create();
        AnonymousPipe back = AnonymousPipe.Create();
        return new Offer("", [there.Reader.Handle, back.Writer.Handle], () =>
        {
            there.Reader.Dispose();
            back.Writer.Dispose();
            return new PipeConnection(back.Reader, there.Writer);
        });
    }

    public override Connection Join(string address, IReadOnlyList<SafeFileHandle> handles) =>
        new PipeConnection(PipeReadEnd.FromHandle(handles[0]), PipeWriteEnd.FromHandle(handles[1]));
}

using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>Two pipes in packet mode: one read takes one message, of at most PIPE_BUF bytes. O_DIRECT in pipe(2)</summary>
internal sealed class PacketPipeMechanism : Mechanism
{
    public override string Name => "pipe-packet";

    public override int Rank => 11;

    public override Rows Latency => Rows.Sync | Rows.OneCpu;

    public override Rows Throughput => Rows.Sync | Rows.OneCpu;

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new PacketPipeMechanism());

    public override Offer Offer(string directory)
    {
        AnonymousPipe there = AnonymousPipe.Create(new AnonymousPipeOptions { PacketMode = true });
        AnonymousPipe back = AnonymousPipe.Create(new AnonymousPipeOptions { PacketMode = true });
        return new Offer("", [there.Reader.Handle, back.Writer.Handle], () =>
        {
            there.Reader.Dispose();
            back.Writer.Dispose();
            return new PacketConnection(back.Reader, there.Writer);
        });
    }

    public override Connection Join(string address, IReadOnlyList<SafeFileHandle> handles) =>
        new PacketConnection(PipeReadEnd.FromHandle(handles[0]), PipeWriteEnd.FromHandle(handles[1]));

    private sealed class PacketConnection(PipeReadEnd reader, PipeWriteEnd writer) : Connection
    {
        public override void Send(ReadOnlySpan<byte> message) => writer.Write(message);

        public override void Receive(Span<byte> message)
        {
            int length = reader.Read(message);
            if (length != message.Length)
            {
                throw new EndOfStreamException($"A packet of {length} bytes came, not one of {message.Length}.");
            }
        }

        public override bool Carries(int size) => size <= PipeWriteEnd.AtomicWriteMax;

        public override void Dispose()
        {
            reader.Dispose();
            writer.Dispose();
        }
    }
}

using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>Two eventfds, one for each way. It carries a number and no stream: latency only. eventfd(2)</summary>
internal sealed class EventFdMechanism : Mechanism
{
    public override string Name => "eventfd";

    public override int Rank => 13;

    public override Rows Latency => Rows.Sync | Rows.OneCpu;

    public override Rows Throughput => Rows.None;

    public override string Reference => "eventfd";

    public override int? OnlySize => sizeof(ulong);

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new EventFdMechanism());

    public override Offer Offer(string directory)
    {
        EventFd there = EventFd.Create();
        EventFd back = EventFd.Create();
        return new Offer("", [there.Handle, back.Handle], () => new EventFdConnection(back, there));
    }

    public override Connection Join(string address, IReadOnlyList<SafeFileHandle> handles) =>
        new EventFdConnection(EventFd.FromHandle(handles[0]), EventFd.FromHandle(handles[1]));

    private sealed class EventFdConnection(EventFd input, EventFd output) : Connection
    {
        public override void Send(ReadOnlySpan<byte> message) => output.Write(BinaryPrimitives.ReadUInt64LittleEndian(message));

        public override void Receive(Span<byte> message) => BinaryPrimitives.WriteUInt64LittleEndian(message, input.Read());

        public override void Dispose()
        {
            input.Dispose();
            output.Dispose();
        }
    }
}

using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>
/// A real-time signal for each way, with eight bytes as its value. A queue of signals is no stream: latency only. sigqueue(3)
/// </summary>
internal sealed class SignalMechanism : Mechanism
{
    // Each connection has a signal of its own, because a signal goes to one stream of a process.
    private int _lastOffset;

    public override string Name => "signal";

    public override int Rank => 14;

    public override Rows Latency => Rows.Sync | Rows.OneCpu | Rows.Async;

    public override Rows Throughput => Rows.None;

    public override int? OnlySize => sizeof(long);

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new SignalMechanism());

    public override Offer Offer(string directory)
    {
        Signal signal = Signal.RealTime(++_lastOffset);
        SignalStream input = SignalStream.Open(signal);
        // The peer's first signal says who it is.
        return new Offer(
            string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}:{signal.Number}"), [],
            () => new SignalConnection(input, ProcessHandle.Open(input.Receive().ProcessId!.Value), signal));
    }

    public override Connection Join(string address, IReadOnlyList<SafeFileHandle> handles)
    {
        int[] numbers = [.. address.Split(':').Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        Signal signal = new(numbers[1]);
        SignalConnection connection = new(SignalStream.Open(signal), ProcessHandle.Open(numbers[0]), signal);
        connection.Send(stackalloc byte[sizeof(long)]);
        return connection;
    }

    private sealed class SignalConnection(SignalStream input, ProcessHandle peer, Signal signal) : Connection
    {
        public override void Send(ReadOnlySpan<byte> message) => peer.Queue(signal, (nint)BinaryPrimitives.ReadInt64LittleEndian(message));

        public override void Receive(Span<byte> message) => Store(input.Receive(), message);

        public override ValueTask SendAsync(ReadOnlyMemory<byte> message)
        {
            Send(message.Span);
            return ValueTask.CompletedTask;
        }

        public override async ValueTask ReceiveAsync(Memory<byte> message) => Store(await input.ReceiveAsync(), message.Span);

        public override void Dispose()
        {
            input.Dispose();
            peer.Dispose();
        }

        private static void Store(SignalInfo info, Span<byte> message) =>
            BinaryPrimitives.WriteInt64LittleEndian(message, info.PointerValue!.Value);
    }
}

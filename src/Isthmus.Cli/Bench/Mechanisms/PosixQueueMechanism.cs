using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>Two POSIX message queues, one for each way. mq_overview(7)</summary>
internal sealed class PosixQueueMechanism : Mechanism
{
    // The queues of all rows, and of those in C (the same number stands in posix-mq.c), are open at once and count against RLIMIT_MSGQUEUE,
    // usually 800 KiB, with whatever other queues the user has.
    private const int MessagesMax = 4;

    private static readonly int s_sizeMax = PosixMessageQueueLimits.Read().MaxMessageSize;

    private int _count;

    public override string Name => "posix-mq";

    public override int Rank => 25;

    public override Rows Latency => Rows.Sync | Rows.OneCpu | Rows.Async;

    public override Rows Throughput => Rows.Sync | Rows.OneCpu | Rows.Async;

    public override string Reference => "posix-mq";

    public override int? SizeMax => s_sizeMax;

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new PosixQueueMechanism());

    public override Offer Offer(string directory)
    {
        PosixMessageQueue there = CreateUnnamed();
        PosixMessageQueue back = CreateUnnamed();
        return new Offer("", [there.Handle, back.Handle], () => new QueueConnection(back, there));
    }

    public override Connection Join(string address, IReadOnlyList<SafeFileHandle> handles) =>
        new QueueConnection(PosixMessageQueue.FromHandle(handles[0]), PosixMessageQueue.FromHandle(handles[1]));

    // The peer gets the descriptor: so the name can go at once, and nothing stays, however the tool ends.
    private PosixMessageQueue CreateUnnamed()
    {
        string name = $"/isthmus-bench-{Environment.ProcessId}-{++_count}";
        PosixMessageQueue queue = PosixMessageQueue.Create(name, new() { MaxMessages = MessagesMax, MaxMessageSize = s_sizeMax });
        PosixMessageQueue.Unlink(name);
        return queue;
    }

    // A receiver's buffer must have room for the longest message: so each is copied once more, in C, too.
    private sealed class QueueConnection(PosixMessageQueue input, PosixMessageQueue output) : Connection
    {
        private readonly byte[] _buffer = new byte[s_sizeMax];

        public override void Send(ReadOnlySpan<byte> message) => output.Send(message);

        public override void Receive(Span<byte> message) => Take(input.Receive(_buffer), message);

        public override ValueTask SendAsync(ReadOnlyMemory<byte> message) => output.SendAsync(message);

        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
        public override async ValueTask ReceiveAsync(Memory<byte> message) => Take(await input.ReceiveAsync(_buffer), message.Span);

        public override void Dispose()
        {
            input.Dispose();
            output.Dispose();
        }

        private void Take(PosixMessage received, Span<byte> message)
        {
            if (received.Length != message.Length)
            {
                throw new EndOfStreamException($"A message of {received.Length} bytes came, not one of {message.Length}.");
            }
            _buffer.AsSpan(0, received.Length).CopyTo(message);
        }
    }
}

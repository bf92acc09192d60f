using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>A POSIX message queue that several send to and several receive from.</summary>
internal sealed class ScaledPosixQueue : ScaledChannel
{
    // As many as an unprivileged process may have.
    private const int MessagesMax = 10;

    private static readonly TimeSpan s_silence = TimeSpan.FromMilliseconds(2);

    private int _count;

    public override string Name => "posix-mq";

    public override int Rank => 20;

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new ScaledPosixQueue());

    public override ScaledOffer Offer(Shape shape)
    {
        string name = $"/isthmus-bench-scaling-{Environment.ProcessId}-{++_count}";
        PosixMessageQueue queue = PosixMessageQueue.Create(name, new() { MaxMessages = MessagesMax, MaxMessageSize = ScalingSuite.Size });
        PosixMessageQueue.Unlink(name);
        return new ScaledOffer([queue.Handle], [queue]);
    }

    public override Connection Join(IReadOnlyList<SafeFileHandle> handles, bool sends) => new End(PosixMessageQueue.FromHandle(handles[0]));

    private sealed class End(PosixMessageQueue queue) : Connection
    {
        public override void Send(ReadOnlySpan<byte> message) => queue.Send(message);

        public override bool TryReceive(Span<byte> message) => queue.TryReceive(message, s_silence, out _);

        public override void Dispose() => queue.Dispose();
    }
}

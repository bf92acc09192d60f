using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>A connected pair of Unix datagram sockets: all senders have one of them, all receivers the other.</summary>
internal sealed class ScaledDatagram : ScaledChannel
{
    private static readonly TimeSpan s_silence = TimeSpan.FromMilliseconds(2);

    public override string Name => "unix-datagram";

    public override int Rank => 21;

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new ScaledDatagram());

    public override ScaledOffer Offer(Shape shape)
    {
        (UnixSocket senders, UnixSocket receivers) = UnixSocket.CreatePair(SocketType.Dgram);
        return new ScaledOffer([senders.Handle, receivers.Handle], [senders, receivers]);
    }

    public override Connection Join(IReadOnlyList<SafeFileHandle> handles, bool sends)
    {
        handles[sends ? 1 : 0].Dispose();
        return new End(UnixSocket.FromHandle(handles[sends ? 0 : 1]));
    }

    private sealed class End(UnixSocket socket) : Connection
    {
        public override void Send(ReadOnlySpan<byte> message) => socket.Send(message);

        public override bool TryReceive(Span<byte> message) => socket.TryReceive(message, s_silence, out _);

        public override void Dispose() => socket.Dispose();
    }
}

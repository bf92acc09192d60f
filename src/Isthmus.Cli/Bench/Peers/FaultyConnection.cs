namespace Isthmus.Cli.Bench;

/// <summary>At every hundredth message changes one bit of its last byte, or ends the process: shows that the tool notices.</summary>
internal sealed class FaultyConnection(Connection inner, PeerFault fault) : Connection
{
    private const int Period = 100;

    private int _count;

    public override void Send(ReadOnlySpan<byte> message) => inner.Send(message);

    public override void Receive(Span<byte> message)
    {
        inner.Receive(message);
        Spoil(message);
    }

    public override bool TryReceive(Span<byte> message)
    {
        bool received = inner.TryReceive(message);
        Spoil(message);
        return received;
    }

    public override ValueTask SendAsync(ReadOnlyMemory<byte> message) => inner.SendAsync(message);

    public override async ValueTask ReceiveAsync(Memory<byte> message)
    {
        await inner.ReceiveAsync(message);
        Spoil(message.Span);
    }

    public override void Prepare(int size) => inner.Prepare(size);

    public override bool Carries(int size) => inner.Carries(size);

    public override void Dispose() => inner.Dispose();

    private void Spoil(Span<byte> message)
    {
        if (++_count % Period != 0)
        {
            return;
        }
        if (fault == PeerFault.Death)
        {
            Environment.Exit(ExitCode.System);
        }
        message[^1] ^= 1;
    }
}

namespace Isthmus.Cli.Bench;

/// <summary>A two-way stream. A message is read until it is whole, because a stream has no borders.</summary>
internal sealed class StreamConnection(Stream stream) : Connection
{
    public override void Send(ReadOnlySpan<byte> message) => stream.Write(message);

    public override void Receive(Span<byte> message) => stream.ReadExactly(message);

    public override ValueTask SendAsync(ReadOnlyMemory<byte> message) => stream.WriteAsync(message);

    public override ValueTask ReceiveAsync(Memory<byte> message) => WholeMessage.ReadAsync(stream, message);

    public override void Dispose() => stream.Dispose();
}

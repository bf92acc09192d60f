namespace Isthmus.Cli.Bench;

/// <summary>One pipe in, one out; of FIFOs, too. A message is read until it is whole, because a pipe has no borders.</summary>
internal sealed class PipeConnection(PipeReadEnd reader, PipeWriteEnd writer) : Connection
{
    public override void Send(ReadOnlySpan<byte> message) => writer.Write(message);

    public override void Receive(Span<byte> message) => reader.ReadExactly(message);

    public override ValueTask SendAsync(ReadOnlyMemory<byte> message) => writer.WriteAsync(message);

    public override ValueTask ReceiveAsync(Memory<byte> message) => WholeMessage.ReadAsync(reader, message);

    public override void Dispose()
    {
        reader.Dispose();
        writer.Dispose();
    }
}

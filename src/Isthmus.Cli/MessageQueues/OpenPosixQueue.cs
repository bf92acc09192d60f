namespace Isthmus.Cli.MessageQueues;

/// <summary>A POSIX queue; what is sent has one priority.</summary>
internal sealed class OpenPosixQueue(PosixMessageQueue queue, int priority) : OpenQueue
{
    public override int BufferBytes => queue.MaxMessageSize;

    // First without a token, so that a timeout of zero tries.
    public override ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        queue.TrySend(message.Span, priority) ? ValueTask.CompletedTask : queue.SendAsync(message, priority, cancellationToken);

    public override async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        queue.TryReceive(buffer.Span, out PosixMessage message) ? message.Length : (await queue.ReceiveAsync(buffer, cancellationToken)).Length;

    // --peek is refused for POSIX queues before one is opened.
    public override bool TryPeek(Span<byte> buffer, int index, out int length) =>
        throw new NotSupportedException("A POSIX queue shows no message without giving it.");

    public override void Dispose() => queue.Dispose();
}

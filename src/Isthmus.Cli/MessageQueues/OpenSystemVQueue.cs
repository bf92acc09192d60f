namespace Isthmus.Cli.MessageQueues;

/// <summary>A System V queue; what is sent has one type, what is received is chosen by it.</summary>
internal sealed class OpenSystemVQueue(SystemVMessageQueue queue, long type, MessageSelector selector) : OpenQueue
{
    // The limit may have been lowered after longer messages were sent.
    public override int BufferBytes => (int)Math.Min(Array.MaxLength, Math.Max(SystemVMessageQueueLimits.Read().MaxMessageSize, queue.Stat().Bytes));

    // First without a token, so that a timeout of zero tries.
    public override ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        queue.TrySend(message.Span, type) ? ValueTask.CompletedTask : queue.SendAsync(message, type, cancellationToken);

    public override async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        queue.TryReceive(buffer.Span, out SystemVMessage message, selector)
            ? message.Length
            : (await queue.ReceiveAsync(buffer, selector, OverlongMessage.Stays, cancellationToken)).Length;

    public override bool TryPeek(Span<byte> buffer, int index, out int length)
    {
        bool found = queue.TryPeek(buffer, index, out SystemVMessage message);
        length = message.Length;
        return found;
    }

    // There is nothing to close.
    public override void Dispose()
    {
    }
}

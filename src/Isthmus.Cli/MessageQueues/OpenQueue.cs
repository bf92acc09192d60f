namespace Isthmus.Cli.MessageQueues;

/// <summary>An open message queue of either kind: what sending and receiving need of it.</summary>
internal abstract class OpenQueue : IDisposable
{
    /// <summary>A buffer of this many bytes takes any message.</summary>
    public abstract int BufferBytes { get; }

    public abstract ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken);

    /// <summary>Takes a message; its length.</summary>
    public abstract ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Copies a message by its position; false when there are not so many.</summary>
    public abstract bool TryPeek(Span<byte> buffer, int index, out int length);

    public abstract void Dispose();
}

namespace Isthmus.Cli.Bench;

/// <summary>One process's end of a mechanism: whole messages out and in. Used by one thread at a time.</summary>
internal abstract class Connection : IDisposable
{
    /// <summary>Blocks until the whole message is on its way.</summary>
    public virtual void Send(ReadOnlySpan<byte> message) => throw new NotSupportedException();

    /// <summary>Blocks until the whole message is there.</summary>
    public virtual void Receive(Span<byte> message) => throw new NotSupportedException();

    /// <summary>Sends a message and blocks until its answer is there: by one call where a mechanism has one for both.</summary>
    public virtual void Exchange(ReadOnlySpan<byte> message, Span<byte> answer)
    {
        Send(message);
        Receive(answer);
    }

    /// <inheritdoc cref="Exchange"/>
    public virtual async ValueTask ExchangeAsync(ReadOnlyMemory<byte> message, Memory<byte> answer)
    {
        await SendAsync(message);
        await ReceiveAsync(answer);
    }

    /// <summary>Whether streams go through <see cref="SendMany"/> and <see cref="ReceiveMany"/>.</summary>
    public virtual bool Batches => false;

    /// <summary>Sends messages of one size that stand one after the other.</summary>
    public virtual void SendMany(ReadOnlySpan<byte> messages, int size) => throw new NotSupportedException();

    /// <summary>Receives messages of one size, one after the other, until there is no room for more.</summary>
    public virtual void ReceiveMany(Span<byte> messages, int size) => throw new NotSupportedException();

    /// <summary>Of a mechanism that may lose messages: waits at most a moment for the next one; false when none came.</summary>
    public virtual bool TryReceive(Span<byte> message) => throw new NotSupportedException();

    public virtual ValueTask SendAsync(ReadOnlyMemory<byte> message) => throw new NotSupportedException();

    public virtual ValueTask ReceiveAsync(Memory<byte> message) => throw new NotSupportedException();

    /// <summary>
    /// Whether a message of this size goes through as one. Mechanisms that keep message borders have a largest one, some only
    /// after the socket's buffer was raised as far as the system lets us.
    /// </summary>
    public virtual bool Carries(int size) => true;

    /// <summary>What follows are messages of this size, of which only a part may be written and read (<see cref="Mechanism.PartOf"/>).</summary>
    public virtual void Prepare(int size)
    {
    }

    public abstract void Dispose();
}

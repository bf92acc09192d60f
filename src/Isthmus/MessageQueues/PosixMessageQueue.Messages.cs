using Isthmus.Native;

namespace Isthmus;

// Sending and receiving: each verb sync, timed, tried and awaited.
public sealed partial class PosixMessageQueue
{
    /// <summary>Sends a message; blocks in the kernel while the queue is full.</summary>
    /// <param name="message">Up to <see cref="MaxMessageSize"/> bytes; may be empty.</param>
    /// <param name="priority">0 to <see cref="PriorityMax"/>; the highest is received first.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such priority (<c>EINVAL</c>).</exception>
    /// <exception cref="InvalidOperationException">It was opened for receiving only (<c>EBADF</c>).</exception>
    /// <exception cref="PosixException"><c>EMSGSIZE</c>: it is too long for this queue.</exception>
    public void Send(ReadOnlySpan<byte> message, int priority = 0) =>
        _pollable.Run<PosixMessageSend, int>(new PosixMessageSend(message, Checked(priority)));

    /// <summary>As <see cref="Send"/>, but false at once when the queue is full.</summary>
    /// <inheritdoc cref="Send"/>
    public bool TrySend(ReadOnlySpan<byte> message, int priority = 0) => TrySend(message, TimeSpan.Zero, priority);

    /// <summary>As <see cref="Send"/>, but false when the queue stayed full for <paramref name="timeout"/>.</summary>
    /// <inheritdoc cref="Send"/>
    public bool TrySend(ReadOnlySpan<byte> message, TimeSpan timeout, int priority = 0) =>
        _pollable.TryRun(new PosixMessageSend(message, Checked(priority)), Deadline.After(timeout), out int _);

    /// <summary>As <see cref="Send"/>, waiting in the event loop. Cancelled means that it was not sent.</summary>
    /// <inheritdoc cref="Send"/>
    public ValueTask SendAsync(ReadOnlyMemory<byte> message, int priority = 0, CancellationToken cancellationToken = default) =>
        _pollable.RunAsync<PosixMessageSendAsync, int>(new PosixMessageSendAsync(message, Checked(priority)), cancellationToken).WithoutResult();

    /// <summary>Takes the oldest message of the highest priority; blocks in the kernel while there is none.</summary>
    /// <param name="buffer">At least <see cref="MaxMessageSize"/> bytes, however short the message may be.</param>
    /// <exception cref="InvalidOperationException">It was opened for sending only (<c>EBADF</c>).</exception>
    /// <exception cref="PosixException"><c>EMSGSIZE</c>: the buffer is too small. No message is lost.</exception>
    public PosixMessage Receive(Span<byte> buffer) => _pollable.Run<PosixMessageReceive, PosixMessage>(new PosixMessageReceive(buffer));

    /// <summary>As <see cref="Receive"/>, but false at once when there is no message.</summary>
    /// <inheritdoc cref="Receive"/>
    public bool TryReceive(Span<byte> buffer, out PosixMessage message) => TryReceive(buffer, TimeSpan.Zero, out message);

    /// <summary>As <see cref="Receive"/>, but false when no message came within <paramref name="timeout"/>.</summary>
    /// <inheritdoc cref="Receive"/>
    public bool TryReceive(Span<byte> buffer, TimeSpan timeout, out PosixMessage message) =>
        _pollable.TryRun(new PosixMessageReceive(buffer), Deadline.After(timeout), out message);

    /// <summary>As <see cref="Receive"/>, waiting in the event loop. Cancelled means that no message was taken.</summary>
    /// <inheritdoc cref="Receive"/>
    public ValueTask<PosixMessage> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _pollable.RunAsync<PosixMessageReceiveAsync, PosixMessage>(new PosixMessageReceiveAsync(buffer), cancellationToken);

    private static int Checked(int priority)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(priority);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(priority, PriorityMax);
        return priority;
    }
}

using Isthmus.Native;

namespace Isthmus;

// Sending and receiving: each verb sync, timed, tried and awaited.
public sealed partial class SystemVMessageQueue
{
    /// <summary>Sends a message; blocks in the kernel while the queue has no room for it.</summary>
    /// <param name="message">May be empty. One that is longer than the queue's whole capacity waits for ever.</param>
    /// <param name="type">From 1; receivers choose by it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The type is below 1 (<c>EINVAL</c>).</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: no permission to write.</exception>
    /// <exception cref="PosixException">
    /// <c>EIDRM</c>: the queue was removed while the call waited; <c>EINVAL</c>: there is no such queue, or the message is longer than <c>kernel.msgmax</c>.
    /// </exception>
    public void Send(ReadOnlySpan<byte> message, long type = 1) =>
        BlockingCall.Run<SystemVMessageSend, int>(new SystemVMessageSend(Id, Checked(type), message, tries: false));

    /// <summary>As <see cref="Send"/>, but false at once when there is no room.</summary>
    /// <inheritdoc cref="Send"/>
    public bool TrySend(ReadOnlySpan<byte> message, long type = 1) => TrySend(message, TimeSpan.Zero, type);

    /// <summary>As <see cref="Send"/>, but false when there was no room for <paramref name="timeout"/>.</summary>
    /// <inheritdoc cref="Send"/>
    public bool TrySend(ReadOnlySpan<byte> message, TimeSpan timeout, long type = 1) =>
        BlockingCall.TryRun(new SystemVMessageSend(Id, Checked(type), message, tries: true), Deadline.After(timeout), out int _);

    /// <summary>As <see cref="Send"/>, without blocking the caller. Cancelled means that it was not sent.</summary>
    /// <inheritdoc cref="Send"/>
    public ValueTask SendAsync(ReadOnlyMemory<byte> message, long type = 1, CancellationToken cancellationToken = default) =>
        BlockingCall.RunAsync<SystemVMessageSendAsync, int>(new SystemVMessageSendAsync(Id, Checked(type), message), cancellationToken).WithoutResult();

    /// <summary>Takes a message; blocks in the kernel while there is none that fits.</summary>
    /// <param name="buffer">Where it goes.</param>
    /// <param name="selector">Which types; the oldest message of any if nothing is said.</param>
    /// <param name="overlong">What becomes of a message that is longer than the buffer.</param>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: no permission to read.</exception>
    /// <exception cref="PosixException">
    /// <c>E2BIG</c>: the message is longer than the buffer, and stays; <c>EIDRM</c>: the queue was removed while the call waited;
    /// <c>EINVAL</c>: there is no such queue.
    /// </exception>
    public SystemVMessage Receive(Span<byte> buffer, MessageSelector selector = default, OverlongMessage overlong = OverlongMessage.Stays) =>
        BlockingCall.Run<SystemVMessageReceive, SystemVMessage>(
            new SystemVMessageReceive(Id, selector.NativeType, Flags(selector, overlong), buffer, tries: false));

    /// <summary>As <see cref="Receive"/>, but false at once when there is no message that fits.</summary>
    /// <inheritdoc cref="Receive"/>
    public bool TryReceive(
        Span<byte> buffer, out SystemVMessage message, MessageSelector selector = default, OverlongMessage overlong = OverlongMessage.Stays) =>
        TryReceive(buffer, TimeSpan.Zero, out message, selector, overlong);

    /// <summary>As <see cref="Receive"/>, but false when no message that fits came within <paramref name="timeout"/>.</summary>
    /// <inheritdoc cref="Receive"/>
    public bool TryReceive(
        Span<byte> buffer, TimeSpan timeout, out SystemVMessage message,
        MessageSelector selector = default, OverlongMessage overlong = OverlongMessage.Stays) =>
        BlockingCall.TryRun(
            new SystemVMessageReceive(Id, selector.NativeType, Flags(selector, overlong), buffer, tries: true), Deadline.After(timeout), out message);

    /// <summary>As <see cref="Receive"/>, without blocking the caller. Cancelled means that no message was taken.</summary>
    /// <inheritdoc cref="Receive"/>
    public ValueTask<SystemVMessage> ReceiveAsync(
        Memory<byte> buffer, MessageSelector selector = default, OverlongMessage overlong = OverlongMessage.Stays,
        CancellationToken cancellationToken = default) =>
        BlockingCall.RunAsync<SystemVMessageReceiveAsync, SystemVMessage>(
            new SystemVMessageReceiveAsync(Id, selector.NativeType, Flags(selector, overlong), buffer), cancellationToken);

    /// <summary>Copies a message without taking it (<c>MSG_COPY</c>); false when there are not so many.</summary>
    /// <param name="buffer">Where it goes.</param>
    /// <param name="index">0 for the oldest, whatever its type.</param>
    /// <param name="message">Its length and type.</param>
    /// <exception cref="PlatformNotSupportedException"><c>ENOSYS</c>: a kernel without <c>CONFIG_CHECKPOINT_RESTORE</c>.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: no permission to read.</exception>
    /// <exception cref="PosixException"><c>E2BIG</c>: the message is longer than the buffer; <c>EINVAL</c>: there is no such queue.</exception>
    public bool TryPeek(Span<byte> buffer, int index, out SystemVMessage message)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        SystemVMessageReceive copy = new(Id, index, LibC.MSG_COPY, buffer, tries: true);
        return BlockingCall.TryRun(copy, Deadline.After(TimeSpan.Zero), out message);
    }

    private static int Flags(MessageSelector selector, OverlongMessage overlong) =>
        selector.Flags | (overlong == OverlongMessage.IsCut ? LibC.MSG_NOERROR : 0);

    private static long Checked(long type)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(type, 1);
        return type;
    }
}

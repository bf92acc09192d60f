using Isthmus.Native;

namespace Isthmus;

// Messages with what goes along: descriptors, credentials, a destination or a sender.
public sealed partial class UnixSocket
{
    /// <summary>
    /// Sends bytes with descriptors, credentials, or to a named receiver; blocks until there is space. The number of
    /// bytes sent: of a stream, it may be fewer than offered, and then what goes along went with the first.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// A stream carries descriptors and credentials only with at least one byte.
    /// </exception>
    /// <exception cref="PosixException">
    /// As <see cref="Send"/>; <c>ECONNREFUSED</c>: the destination is dead; <c>ETOOMANYREFS</c>: too many descriptors
    /// are under way; <c>EISCONN</c>: a stream takes no destination.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">
    /// <c>EPERM</c>: forged credentials; <c>EACCES</c>: no permission for the destination.
    /// </exception>
    /// <exception cref="ObjectDisposedException">
    /// The socket, or one of the handles, is disposed; nothing was sent.
    /// </exception>
    public int SendMessage(ReadOnlySpan<byte> data, UnixSendOptions options)
    {
        CheckMessage(data.Length, options);
        if (options.Destination is null)
        {
            return _pollable.Run<SendMessageSpan, int>(new SendMessageSpan(data, options));
        }
        TrySendTo(data, options, Deadline.Never, noWait: false, out int sent);
        return sent;
    }

    /// <summary>
    /// Like <see cref="SendMessage"/>, for at most <paramref name="timeout"/>; false when there was no space, and then
    /// nothing was sent.
    /// </summary>
    /// <inheritdoc cref="SendMessage"/>
    public bool TrySendMessage(ReadOnlySpan<byte> data, UnixSendOptions options, TimeSpan timeout, out int sent)
    {
        CheckMessage(data.Length, options);
        Deadline deadline = Deadline.After(timeout);
        return options.Destination is null
            ? _pollable.TryRun(new SendMessageSpan(data, options), deadline, out sent)
            : TrySendTo(data, options, deadline, noWait: true, out sent);
    }

    /// <summary>
    /// Like <see cref="SendMessage"/>, and waits without a thread. Cancelled means that nothing was sent.
    /// </summary>
    /// <remarks>
    /// The kernel gives no notice of space in the queue of a named destination; while it is full this tries again every
    /// 1 to 50 ms.
    /// </remarks>
    /// <inheritdoc cref="SendMessage"/>
    public ValueTask<int> SendMessageAsync(
        ReadOnlyMemory<byte> data, UnixSendOptions options, CancellationToken cancellationToken = default)
    {
        CheckMessage(data.Length, options);
        return options.Destination is null
            ? _pollable.RunAsync<SendMessageMemory, int>(new SendMessageMemory(data, options), cancellationToken)
            : SendToAsync(data, options, cancellationToken);
    }

    /// <summary>
    /// Receives bytes and what goes along; blocks until something comes. A message that is longer than the buffer is
    /// cut, which <see cref="ReceivedMessage.IsTruncated"/> tells. A stream's bytes are never merged across descriptors
    /// or senders.
    /// </summary>
    /// <exception cref="PosixException">
    /// <c>EMSGSIZE</c>: more than 16 descriptors came; <c>EMFILE</c>: more than this process may still open. All that
    /// came are closed and the message is lost: close the connection too. <c>ECONNRESET</c>, <c>ENOTCONN</c>: as
    /// <see cref="Receive"/>.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The socket is disposed.</exception>
    public ReceivedMessage ReceiveMessage(Span<byte> buffer) =>
        _pollable.Run<ReceiveMessageSpan, ReceivedMessage>(new ReceiveMessageSpan(buffer, Type));

    /// <summary>
    /// Like <see cref="ReceiveMessage"/>, for at most <paramref name="timeout"/>; false when nothing came.
    /// </summary>
    /// <inheritdoc cref="ReceiveMessage"/>
    public bool TryReceiveMessage(Span<byte> buffer, TimeSpan timeout, out ReceivedMessage message) =>
        _pollable.TryRun(new ReceiveMessageSpan(buffer, Type), Deadline.After(timeout), out message);

    /// <summary>
    /// Like <see cref="ReceiveMessage"/>, and waits without a thread. Cancelled means that nothing was taken.
    /// </summary>
    /// <inheritdoc cref="ReceiveMessage"/>
    public ValueTask<ReceivedMessage> ReceiveMessageAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _pollable.RunAsync<ReceiveMessageMemory, ReceivedMessage>(new ReceiveMessageMemory(buffer, Type), cancellationToken);

    // poll(2) calls a socket writable while its destination's queue is full, so these try again by the clock.
    private bool TrySendTo(ReadOnlySpan<byte> data, UnixSendOptions options, Deadline deadline, bool noWait, out int sent)
    {
        Backoff backoff = default;
        PollOutcome outcome;
        while ((outcome = SocketMessage.Send(Handle, data, options, noWait, out sent)) != PollOutcome.Done)
        {
            if (outcome == PollOutcome.WouldBlock && !backoff.Sleep(deadline))
            {
                return false;
            }
        }
        return true;
    }

    private async ValueTask<int> SendToAsync(
        ReadOnlyMemory<byte> data, UnixSendOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Backoff backoff = default;
        PollOutcome outcome;
        int sent;
        while ((outcome = SocketMessage.Send(Handle, data.Span, options, noWait: true, out sent)) != PollOutcome.Done)
        {
            if (outcome == PollOutcome.WouldBlock)
            {
                await backoff.DelayAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        return sent;
    }

    // Linux accepts the call, sends nothing, and the receiver waits for descriptors that never come.
    private void CheckMessage(int length, UnixSendOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (IsStream && length == 0 && (options.Handles.Count > 0 || options.Credentials is not null))
        {
            throw new ArgumentException("A stream carries descriptors and credentials only with at least one byte.");
        }
    }
}

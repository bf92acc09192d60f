using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <content>Receiving by awaiting.</content>
public sealed partial class QueueConsumer
{
    /// <summary>
    /// Completes when there may be a message, so that <see cref="TryReceive(out QueueLoan)"/> is worth trying: another consumer may be faster.
    /// False when there
    /// will be none: the queue is closed and empty, or has no producer any more.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The consumer or the queue is disposed, before or meanwhile.</exception>
    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    public async ValueTask<bool> WaitToReceiveAsync(CancellationToken cancellationToken = default) =>
        await WaitAsync(Deadline.Never, cancellationToken).ConfigureAwait(false) == QueueReceiveOutcome.Received;

    /// <summary>Takes the next message and copies it; completes when there is one.</summary>
    /// <param name="buffer">Where to.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What was received, or why there will be nothing.</returns>
    /// <exception cref="ArgumentException">The message is longer than the buffer; it stays in the queue, or in one without acknowledgement it is lost,
    /// and not counted.</exception>
    /// <exception cref="OperationCanceledException">Cancelled: nothing was taken.</exception>
    /// <exception cref="ObjectDisposedException">The consumer or the queue is disposed, before or meanwhile.</exception>
    public ValueTask<QueueMessage> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return TryReceive(buffer.Span, out QueueMessage message) ? new(message) : WaitAndReceiveAsync(buffer, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    private async ValueTask<QueueMessage> WaitAndReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        _use.Enter();
        try
        {
            while (true)
            {
                QueueReceiveOutcome outcome = await WaitAsync(Deadline.Never, cancellationToken).ConfigureAwait(false);
                if (TryReceive(buffer.Span, out QueueMessage message))
                {
                    return message;
                }
                if (outcome != QueueReceiveOutcome.Received)
                {
                    return new QueueMessage(outcome);
                }
            }
        }
        finally
        {
            LeaveWait();
        }
    }

    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    private async ValueTask<QueueReceiveOutcome> WaitAsync(Deadline deadline, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        QueueArrival arrival;
        _use.Enter();
        try
        {
            ThrowIfDisposed();
            UntilDisposed<QueueArrival> wait = _use.Until(new QueueArrival(_shape, _tellsAlone, Waiters.Bells));
            arrival = (await Driver.RunAsync(_segment, wait, deadline, cancellationToken).ConfigureAwait(false)).Operation;
            ThrowIfDisposed();
        }
        finally
        {
            LeaveWait();
        }
        QueueReceiveOutcome outcome = OutcomeOf(arrival);
        if (outcome == QueueReceiveOutcome.Empty)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
        return outcome;
    }
}

using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <content>Waiting for room by awaiting it.</content>
public sealed partial class QueueProducer
{
    /// <summary>Whether a send waits for room.</summary>
    internal bool Waits => _core.WhenFull == QueueWhenFull.Wait;

    /// <summary>Sends without waiting.</summary>
    internal QueueSendOutcome SendNow(ReadOnlySpan<byte> message, int priority)
    {
        ref QueueLane lane = ref LaneOf(priority);
        return TryWrite(ref lane, message) ? Announce() : SendSlowly(ref lane, message, Deadline.After(TimeSpan.Zero));
    }

    /// <summary>Completes with <see cref="QueueSendOutcome.Sent"/> when there is room for a message, or with what is against it.</summary>
    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    internal async ValueTask<QueueSendOutcome> WaitForRoomAsync(int length, int priority, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        QueueSendOutcome against = CheckPeers();
        if (against != QueueSendOutcome.Sent)
        {
            return against;
        }
        QueueRoom room;
        _use.Enter();
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
            UntilDisposed<QueueRoom> wait = _use.Until(RoomFor(priority, length));
            room = (await Driver.RunAsync(_segment, wait, Deadline.Never, cancellationToken).ConfigureAwait(false)).Operation;
            ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        }
        finally
        {
            LeaveWait();
        }
        QueueSendOutcome outcome = Found(priority, room);
        if (outcome == QueueSendOutcome.Full)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
        return outcome;
    }

    private ValueTask<QueueSendOutcome> SendWhenThereIsRoom(ReadOnlyMemory<byte> message, int priority, CancellationToken cancellationToken)
    {
        QueueSendOutcome outcome = SendNow(message.Span, priority);
        return outcome == QueueSendOutcome.Full && Waits ? WaitAndSend(message, priority, cancellationToken) : new(outcome);
    }

    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    private async ValueTask<QueueSendOutcome> WaitAndSend(ReadOnlyMemory<byte> message, int priority, CancellationToken cancellationToken)
    {
        EnterWait();
        try
        {
            QueueSendOutcome outcome = await WaitForRoomAsync(message.Length, priority, cancellationToken).ConfigureAwait(false);
            return outcome == QueueSendOutcome.Sent ? SendNow(message.Span, priority) : outcome;
        }
        finally
        {
            LeaveWait();
        }
    }
}

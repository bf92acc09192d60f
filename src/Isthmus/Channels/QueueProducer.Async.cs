using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <content>Waiting for room by awaiting it.</content>
public sealed partial class QueueProducer
{
    private ValueTask<QueueSendOutcome> SendWhenThereIsRoom(ReadOnlyMemory<byte> message, int priority, CancellationToken cancellationToken)
    {
        QueueSendOutcome outcome = TrySendSlowly(priority, message);
        return outcome == QueueSendOutcome.Full && _core.WhenFull == QueueWhenFull.Wait
            ? WaitAndSend(message, priority, cancellationToken)
            : new(outcome);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<QueueSendOutcome> WaitAndSend(ReadOnlyMemory<byte> message, int priority, CancellationToken cancellationToken)
    {
        QueueRoom room = await Driver.RunAsync(_segment, RoomFor(priority, message.Length), Deadline.Never, cancellationToken).ConfigureAwait(false);
        if (room.HasRoom)
        {
            return TrySendSlowly(priority, message);
        }
        cancellationToken.ThrowIfCancellationRequested();
        return Found(ref _lanes[priority], room);
    }

    private QueueSendOutcome TrySendSlowly(int priority, ReadOnlyMemory<byte> message) =>
        SendSlowly(ref LaneOf(priority), message.Span, Deadline.After(TimeSpan.Zero));
}

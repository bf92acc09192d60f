using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Isthmus;

/// <summary>A producer, as code that is written for <c>System.Threading.Channels</c> wants it.</summary>
internal sealed class QueueChannelWriter<T>(SharedQueue<T> queue, QueueProducer<T> producer) : ChannelWriter<T>
    where T : unmanaged
{
    private readonly Lock _lock = new();

    // Told to who writes by this; it does not cross the border of the process.
    private Exception? _error;

    public override bool TryComplete(Exception? error = null)
    {
        bool isFirst = queue.TryComplete();
        _error = isFirst ? error : _error;
        return isFirst;
    }

    public override bool TryWrite(T item)
    {
        lock (_lock)
        {
            // What drops messages has always written, to those who write.
            return producer.Bytes.SendNow(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in item)), 0)
                is QueueSendOutcome.Sent or QueueSendOutcome.Dropped;
        }
    }

    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    public override async ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default)
    {
        QueueSendOutcome outcome = await producer.Bytes.WaitForRoomAsync(Unsafe.SizeOf<T>(), 0, cancellationToken).ConfigureAwait(false);
        return outcome == QueueSendOutcome.Sent || (_error is null ? false : throw _error);
    }
}

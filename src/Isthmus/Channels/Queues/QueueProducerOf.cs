using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>Sends values into a <see cref="SharedQueue{T}"/>. One thread at a time may use it.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
public sealed class QueueProducer<T> : IDisposable
    where T : unmanaged
{
    internal QueueProducer(QueueProducer bytes) => Bytes = bytes;

    /// <summary>The producer of the bytes: for places that are written where they stand. Each message must have the size of a value.</summary>
    public QueueProducer Bytes { get; }

    /// <summary>Sends a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="priority">From 0, the lowest, to the number of priorities less one.</param>
    /// <inheritdoc cref="QueueProducer.Send"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public QueueSendOutcome Send(in T value, int priority = 0) => Bytes.Send(BytesOf(value), priority);

    /// <summary>Sends a value if there is room for it now.</summary>
    /// <inheritdoc cref="Send"/>
    /// <returns>Whether it was sent.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TrySend(in T value, int priority = 0) => Bytes.TrySend(BytesOf(value), priority);

    /// <summary>Sends a value, and waits for room at most <paramref name="timeout"/>.</summary>
    /// <param name="value">The value.</param>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="priority">From 0, the lowest, to the number of priorities less one.</param>
    /// <inheritdoc cref="Send"/>
    public QueueSendOutcome TrySend(in T value, TimeSpan timeout, int priority = 0) => Bytes.TrySend(BytesOf(value), timeout, priority);

    /// <summary>Sends values; as many as there is room for in one piece appear at once.</summary>
    /// <param name="values">The values.</param>
    /// <param name="sent">How many are in the queue.</param>
    /// <param name="priority">From 0, the lowest, to the number of priorities less one.</param>
    /// <inheritdoc cref="QueueProducer.SendBatch"/>
    public QueueSendOutcome SendBatch(ReadOnlySpan<T> values, out int sent, int priority = 0) =>
        Bytes.SendMany(MemoryMarshal.AsBytes(values), Unsafe.SizeOf<T>(), out sent, priority, Deadline.Never);

    /// <summary>Sends as many values as there is room for now.</summary>
    /// <inheritdoc cref="SendBatch"/>
    public QueueSendOutcome TrySendBatch(ReadOnlySpan<T> values, out int sent, int priority = 0) =>
        Bytes.SendMany(MemoryMarshal.AsBytes(values), Unsafe.SizeOf<T>(), out sent, priority, Deadline.After(TimeSpan.Zero));

    /// <summary>Sends a value, and completes when that is done.</summary>
    /// <param name="value">The value.</param>
    /// <param name="priority">From 0, the lowest, to the number of priorities less one.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    /// <inheritdoc cref="QueueProducer.SendAsync"/>
    public ValueTask<QueueSendOutcome> SendAsync(T value, int priority = 0, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        QueueSendOutcome outcome = Bytes.SendNow(BytesOf(value), priority);
        return outcome == QueueSendOutcome.Full && Bytes.Waits ? WaitAndSend(value, priority, cancellationToken) : new(outcome);
    }

    /// <inheritdoc/>
    public void Dispose() => Bytes.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ReadOnlySpan<byte> BytesOf(in T value) => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value));

    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    private async ValueTask<QueueSendOutcome> WaitAndSend(T value, int priority, CancellationToken cancellationToken)
    {
        Bytes.EnterWait();
        try
        {
            QueueSendOutcome outcome = await Bytes.WaitForRoomAsync(Unsafe.SizeOf<T>(), priority, cancellationToken).ConfigureAwait(false);
            return outcome == QueueSendOutcome.Sent ? Bytes.SendNow(BytesOf(value), priority) : outcome;
        }
        finally
        {
            Bytes.LeaveWait();
        }
    }
}

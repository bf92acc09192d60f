using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Isthmus;

/// <summary>Receives values from a <see cref="SharedQueue{T}"/>. One thread at a time may use it.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
/// <remarks>
/// A value is received by copying it, and in a queue with acknowledgement is acknowledged by that. Whoever wants to acknowledge later takes a
/// <see cref="QueueLoan"/> of <see cref="Bytes"/>.
/// </remarks>
public sealed class QueueConsumer<T> : IDisposable
    where T : unmanaged
{
    internal QueueConsumer(QueueConsumer bytes) => Bytes = bytes;

    /// <summary>The consumer of the bytes: for values where they stand, and batches of them.</summary>
    public QueueConsumer Bytes { get; }

    /// <summary>Takes the next value, if there is one.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Whether there was one.</returns>
    /// <inheritdoc cref="QueueConsumer.TryReceive(out QueueLoan)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReceive(out T value)
    {
        if (!Bytes.TryReceive(out QueueLoan loan))
        {
            value = default;
            return false;
        }
        value = Copy(ref loan);
        return true;
    }

    /// <summary>Takes the next value; waits until there is one.</summary>
    /// <param name="value">The value.</param>
    /// <returns>
    /// <see cref="QueueReceiveOutcome.Received"/>, or why there will be none: <see cref="QueueReceiveOutcome.Closed"/>,
    /// <see cref="QueueReceiveOutcome.NoProducer"/>.
    /// </returns>
    /// <inheritdoc cref="QueueConsumer.TryReceive(out QueueLoan)"/>
    public QueueReceiveOutcome Receive(out T value) => TryReceive(Timeout.InfiniteTimeSpan, out value);

    /// <summary>Takes the next value; waits for one at most <paramref name="timeout"/>.</summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="value">The value.</param>
    /// <inheritdoc cref="QueueConsumer.TryReceive(out QueueLoan)"/>
    public QueueReceiveOutcome TryReceive(TimeSpan timeout, out T value)
    {
        QueueReceiveOutcome outcome = Bytes.TryReceive(timeout, out QueueLoan loan);
        value = outcome == QueueReceiveOutcome.Received ? Copy(ref loan) : default;
        return outcome;
    }

    /// <summary>Copies as many values as there are just now, of one producer and priority.</summary>
    /// <param name="values">Where to.</param>
    /// <returns>How many.</returns>
    /// <inheritdoc cref="QueueConsumer.TryReceive(out QueueLoan)"/>
    [SuppressMessage("Reliability", "CA2000", Justification = "It is acknowledged.")]
    public int TryReceive(Span<T> values)
    {
        if (values.IsEmpty || !Bytes.TryReceiveBatch(out QueueBatch batch, values.Length))
        {
            return 0;
        }
        int count = 0;
        while (batch.TryNext(out ReadOnlySpan<byte> message))
        {
            if (message.Length != Unsafe.SizeOf<T>())
            {
                int length = message.Length;
                batch.Acknowledge();
                throw Bytes.WrongLength(length, Unsafe.SizeOf<T>());
            }
            values[count++] = MemoryMarshal.Read<T>(message);
        }
        batch.Acknowledge();
        return count;
    }

    /// <inheritdoc cref="QueueConsumer.WaitToReceiveAsync"/>
    public ValueTask<bool> WaitToReceiveAsync(CancellationToken cancellationToken = default) => Bytes.WaitToReceiveAsync(cancellationToken);

    /// <summary>Takes the next value; completes when there is one.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The value; null when there will be none: the queue is closed and empty, or has no producer any more.</returns>
    /// <exception cref="OperationCanceledException">Cancelled: nothing was taken.</exception>
    /// <exception cref="ObjectDisposedException">The consumer or the queue is disposed, before or meanwhile.</exception>
    public ValueTask<T?> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return TryReceive(out T value) ? new(value) : WaitAndReceive(cancellationToken);
    }

    /// <summary>All values, one after the other, until there will be none: the queue is closed and empty, or has no producer any more.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <inheritdoc cref="ReceiveAsync"/>
    public async IAsyncEnumerable<T> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await WaitToReceiveAsync(cancellationToken).ConfigureAwait(false))
        {
            while (TryReceive(out T value))
            {
                yield return value;
            }
        }
    }

    /// <inheritdoc cref="QueueConsumer.ToWaitSource"/>
    public WaitSource ToWaitSource() => Bytes.ToWaitSource();

    /// <inheritdoc/>
    public void Dispose() => Bytes.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Copy(ref QueueLoan loan)
    {
        ReadOnlySpan<byte> message = loan.Span;
        bool fits = message.Length == Unsafe.SizeOf<T>();
        T value = fits ? MemoryMarshal.Read<T>(message) : default;
        int length = message.Length;
        loan.Acknowledge();
        return fits ? value : throw Bytes.WrongLength(length, Unsafe.SizeOf<T>());
    }

    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    private async ValueTask<T?> WaitAndReceive(CancellationToken cancellationToken)
    {
        Bytes.EnterWait();
        try
        {
            while (await WaitToReceiveAsync(cancellationToken).ConfigureAwait(false))
            {
                if (TryReceive(out T value))
                {
                    return value;
                }
            }
            return TryReceive(out T last) ? last : null;
        }
        finally
        {
            Bytes.LeaveWait();
        }
    }
}

using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <content>Sending and receiving without a producer or consumer object: for threads that share one, one at a time.</content>
public sealed partial class SharedQueue
{
    private readonly QueueTurn _sending = new();
    private readonly QueueTurn _receiving = new();
    private QueueProducer? _producer;
    private QueueConsumer? _consumer;

    /// <summary>Looks at a queue without taking part in it, whatever its messages are.</summary>
    /// <inheritdoc cref="Open"/>
    public static SharedQueueStatus GetStatus(string name, SharedObjectOptions? options = null) =>
        new(SegmentSnapshot.Take(QueueCore.Kind, name, options ?? new()));

    /// <summary>Looks at the queue without disturbing it.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public SharedQueueStatus GetStatus() => new(Segment.TakeSnapshot());

    /// <summary>Sends a message by the one producer that the threads of this attachment share.</summary>
    /// <inheritdoc cref="QueueProducer.Send"/>
    /// <exception cref="PosixException"><c>EUSERS</c>: there are <see cref="MaxProducers"/> already.</exception>
    public QueueSendOutcome Send(ReadOnlySpan<byte> message, int priority = 0)
    {
        _sending.Enter();
        try
        {
            QueueSendOutcome outcome = Producer.SendNow(message, priority);
            if (outcome != QueueSendOutcome.Full || !Producer.Waits)
            {
                return outcome;
            }
            _sending.Wait();
            return Producer.Send(message, priority);
        }
        finally
        {
            _sending.Leave();
        }
    }

    /// <summary>
    /// Sends a message, if there is room, by the one producer that the threads of this attachment share. While another of them waits for room there is none.
    /// </summary>
    /// <inheritdoc cref="QueueProducer.TrySend(ReadOnlySpan{byte}, int)"/>
    /// <exception cref="PosixException"><c>EUSERS</c>: there are <see cref="MaxProducers"/> already.</exception>
    public bool TrySend(ReadOnlySpan<byte> message, int priority = 0)
    {
        if (!_sending.TryEnter())
        {
            return false;
        }
        try
        {
            return Producer.TrySend(message, priority);
        }
        finally
        {
            _sending.Leave();
        }
    }

    /// <summary>Sends a message by the one producer that the threads of this attachment share.</summary>
    /// <inheritdoc cref="QueueProducer.SendAsync"/>
    /// <exception cref="PosixException"><c>EUSERS</c>: there are <see cref="MaxProducers"/> already.</exception>
    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    public async ValueTask<QueueSendOutcome> SendAsync(
        ReadOnlyMemory<byte> message, int priority = 0, CancellationToken cancellationToken = default)
    {
        await _sending.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ValueTask<QueueSendOutcome> sent = Producer.SendAsync(message, priority, cancellationToken);
            if (!sent.IsCompleted)
            {
                _sending.Wait();
            }
            return await sent.ConfigureAwait(false);
        }
        finally
        {
            _sending.Leave();
        }
    }

    /// <summary>
    /// Copies the next message, if there is one, by the one consumer that the threads of this attachment share. While another of them waits for a message
    /// there is none.
    /// </summary>
    /// <inheritdoc cref="QueueConsumer.TryReceive(Span{byte}, out QueueMessage)"/>
    /// <exception cref="PosixException"><c>EUSERS</c>: there are <see cref="MaxConsumers"/> already.</exception>
    public bool TryReceive(Span<byte> buffer, out QueueMessage message)
    {
        if (!_receiving.TryEnter())
        {
            message = new QueueMessage(QueueReceiveOutcome.Empty);
            return false;
        }
        try
        {
            return Consumer.TryReceive(buffer, out message);
        }
        finally
        {
            _receiving.Leave();
        }
    }

    /// <summary>Copies the next message, by the one consumer that the threads of this attachment share; waits until there is one.</summary>
    /// <inheritdoc cref="QueueConsumer.Receive(Span{byte}, TimeSpan)"/>
    /// <exception cref="PosixException"><c>EUSERS</c>: there are <see cref="MaxConsumers"/> already.</exception>
    public QueueMessage Receive(Span<byte> buffer, TimeSpan timeout)
    {
        Deadline deadline = Deadline.After(timeout);
        if (!_receiving.TryEnter(timeout))
        {
            return new QueueMessage(QueueReceiveOutcome.Empty);
        }
        try
        {
            if (Consumer.TryReceive(buffer, out QueueMessage message))
            {
                return message;
            }
            _receiving.Wait();
            return Consumer.Receive(buffer, deadline.IsNever ? timeout : deadline.Remaining);
        }
        finally
        {
            _receiving.Leave();
        }
    }

    /// <inheritdoc cref="Receive(Span{byte}, TimeSpan)"/>
    public QueueMessage Receive(Span<byte> buffer) => Receive(buffer, Timeout.InfiniteTimeSpan);

    /// <summary>Copies the next message, by the one consumer that the threads of this attachment share; completes when there is one.</summary>
    /// <inheritdoc cref="QueueConsumer.ReceiveAsync"/>
    /// <exception cref="PosixException"><c>EUSERS</c>: there are <see cref="MaxConsumers"/> already.</exception>
    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    public async ValueTask<QueueMessage> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _receiving.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ValueTask<QueueMessage> received = Consumer.ReceiveAsync(buffer, cancellationToken);
            if (!received.IsCompleted)
            {
                _receiving.Wait();
            }
            return await received.ConfigureAwait(false);
        }
        finally
        {
            _receiving.Leave();
        }
    }

    private QueueProducer Producer => _producer ??= CreateProducer();

    private QueueConsumer Consumer => _consumer ??= CreateConsumer();
}

using System.Diagnostics.CodeAnalysis;

namespace Isthmus;

/// <summary>A place in a <see cref="SharedQueue"/> for one message, written where it will be read. To be committed, or disposed: then there was
/// none.</summary>
[SuppressMessage("Design", "CA1815", Justification = "A reservation is not compared.")]
public unsafe ref struct QueueReservation
{
    private readonly QueueProducer.Placement _place;
    private readonly int _priority;
    private QueueProducer? _producer;

    internal QueueReservation(QueueProducer producer, QueueProducer.Placement place, int priority) =>
        (_producer, _place, _priority, Outcome) = (producer, place, priority, QueueSendOutcome.Sent);

    internal QueueReservation(QueueSendOutcome outcome) => Outcome = outcome;

    /// <summary>Whether there is a place.</summary>
    public readonly bool IsReserved => _producer is not null;

    /// <summary>Why there is none; <see cref="QueueSendOutcome.Sent"/> when there is one.</summary>
    public QueueSendOutcome Outcome { get; private set; }

    /// <summary>The message. What stands there at first is left over from others; what is not written is sent as it is.</summary>
    /// <exception cref="InvalidOperationException">There is no place, or it was committed.</exception>
    public readonly Span<byte> Span
    {
        get
        {
            ThrowUnlessReserved();
            return new Span<byte>(_place.Record + QueueHeader.Size, _place.Length);
        }
    }

    /// <summary>Publishes the message. The span must not be written any more.</summary>
    /// <returns><see cref="QueueSendOutcome.Sent"/>, or <see cref="QueueSendOutcome.Closed"/>.</returns>
    /// <exception cref="InvalidOperationException">There is no place, or it was committed.</exception>
    /// <exception cref="ObjectDisposedException">The producer or the queue was disposed: nothing was sent.</exception>
    public QueueSendOutcome Commit()
    {
        ThrowUnlessReserved();
        QueueProducer producer = _producer!;
        _producer = null;
        return Outcome = producer.Commit(_priority, _place);
    }

    /// <summary>Gives the place up, unless it was committed: no message was sent.</summary>
    public void Dispose()
    {
        _producer?.Abort(_priority);
        _producer = null;
    }

    private readonly void ThrowUnlessReserved()
    {
        if (_producer is null)
        {
            throw new InvalidOperationException(Outcome == QueueSendOutcome.Sent ? "It was committed or disposed." : $"Nothing was reserved: {Outcome}.");
        }
    }
}

namespace Isthmus;

/// <summary>
/// A sample that is being written in place. <see cref="Commit()"/> publishes it; disposing it without that publishes nothing. Not for other threads.
/// </summary>
public readonly unsafe ref struct TopicReservation : IDisposable
{
    private readonly Publisher? _publisher;
    private readonly byte* _payload;
    private readonly int _size;
    private readonly long _reservation;

    internal TopicReservation(Publisher publisher, byte* payload, int size, long reservation)
    {
        _publisher = publisher;
        _payload = payload;
        _size = size;
        _reservation = reservation;
    }

    /// <summary>
    /// Where to write it; what stands there before is not defined. Valid until it is committed or disposed.
    /// </summary>
    public Span<byte> Span => new(_payload, _size);

    /// <summary>Publishes all of it.</summary>
    /// <exception cref="InvalidOperationException">It was committed or disposed already.</exception>
    /// <exception cref="ObjectDisposedException">The topic is disposed.</exception>
    public void Commit() => Commit(_size);

    /// <summary>Publishes the beginning of it.</summary>
    /// <param name="length">How many bytes, at most as many as were reserved.</param>
    /// <exception cref="ArgumentOutOfRangeException">More than were reserved.</exception>
    /// <inheritdoc cref="Commit()"/>
    public void Commit(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)_size, nameof(length));
        if (_publisher is null)
        {
            throw new InvalidOperationException("Nothing is reserved.");
        }
        _publisher.CommitReserved(_reservation, length);
    }

    /// <summary>Publishes nothing, unless it was committed.</summary>
    public void Dispose() => _publisher?.Abandon(_reservation);
}

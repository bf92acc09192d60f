using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// Publishes samples of a <see cref="Topic"/>: written once, and read by all subscribers where they stand. To publish is a few stores; only once in a group of
/// samples it looks at what the subscribers want.
/// </summary>
/// <remarks>
/// Not thread-safe: one thread at a time. Subscribers get the samples of a publisher in the order in which it published them. When it is
/// disposed or dies, what it has published stays, and the next publisher goes on in its place.
/// </remarks>
public sealed unsafe partial class Publisher : IDisposable
{
    private const int Idle = 0, Reserved = 1, Waiting = 2, Disposed = 3;

    private readonly Segment _segment;
    private readonly TopicLayout _layout;
    private readonly int _sizeMax;
    private readonly ulong _owner;
    private readonly byte* _first;
    private readonly byte* _end;
    private readonly nint _stride;
    private readonly ulong* _news;
    private byte* _slot;
    private readonly ChannelUse _use = new();
    private TopicWriter _writer;
    private volatile int _state;
    private long _reservations;

    internal Publisher(Topic topic, int ring, ulong owner)
    {
        Topic = topic;
        Index = ring;
        _segment = topic.Segment;
        _layout = topic.Layout;
        _sizeMax = topic.MaxSampleSize;
        _owner = owner;
        _stride = (nint)topic.Setup.SlotStride;
        _first = _segment.Data + topic.Setup.OffsetOfRing(ring);
        _end = _first + (_stride * _layout.Slots);
        _news = (ulong*)_segment.State + TopicLayout.News;
        TopicFind find = new(_layout, ring, 0);
        Driver.Run(_segment, ref find);
        if (find.IsDamaged)
        {
            Leave();
            throw topic.Damaged();
        }
        TopicReader at = find.Reader;
        _writer = new TopicWriter { Head = at.Position, Limit = at.Position, Claimed = find.Claim, Number = at.Number };
        _slot = SlotOf(at.Position);
    }

    /// <summary>Of which topic.</summary>
    public Topic Topic { get; }

    /// <summary>Its number among the topic's publishers: below <see cref="Topic.MaxPublishers"/>, and unique among those that are there.</summary>
    public int Index { get; }

    /// <summary>How many samples were published with this index, by this publisher and those before it.</summary>
    public long Published => (long)_writer.Number;

    /// <summary>Publishes a copy of a sample; waits while a subscriber that blocks has no room.</summary>
    /// <param name="sample">Its bytes.</param>
    /// <exception cref="ArgumentException">It is larger than <see cref="Topic.MaxSampleSize"/>.</exception>
    /// <exception cref="InvalidOperationException">A sample is reserved, or another call waits.</exception>
    /// <exception cref="InvalidDataException">Somebody has damaged the topic's memory.</exception>
    /// <exception cref="ObjectDisposedException">This or the topic is disposed, before or meanwhile.</exception>
    public void Publish(ReadOnlySpan<byte> sample)
    {
        Begin(sample.Length);
        if (!_writer.IsReady)
        {
            WaitAndWrite(sample, Deadline.Never);
            return;
        }
        Write(sample);
    }

    /// <summary>Publishes a copy of a sample, unless a subscriber that blocks has no room.</summary>
    /// <returns>False when one has none; nothing was published.</returns>
    /// <inheritdoc cref="Publish"/>
    public bool TryPublish(ReadOnlySpan<byte> sample)
    {
        Begin(sample.Length);
        if (!_writer.IsReady && !Prepare(Waiters.None, Deadline.Never))
        {
            return false;
        }
        Write(sample);
        return true;
    }

    /// <summary>Publishes a copy of a sample; waits up to <paramref name="timeout"/> while a subscriber that blocks has no room.</summary>
    /// <param name="sample">Its bytes.</param>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <returns>False when the time was up; nothing was published.</returns>
    /// <inheritdoc cref="Publish"/>
    public bool TryPublish(ReadOnlySpan<byte> sample, TimeSpan timeout)
    {
        Deadline deadline = Deadline.After(timeout);
        Begin(sample.Length);
        if (!_writer.IsReady)
        {
            return WaitAndWrite(sample, deadline);
        }
        Write(sample);
        return true;
    }

    /// <summary>
    /// Gives the place of the next sample, to be written there; waits while a subscriber that blocks has no room. One at a time.
    /// </summary>
    /// <param name="size">Of the sample in bytes.</param>
    /// <exception cref="ArgumentException">It is larger than <see cref="Topic.MaxSampleSize"/>.</exception>
    /// <inheritdoc cref="Publish"/>
    public TopicReservation Reserve(int size)
    {
        Begin(size);
        return _writer.IsReady ? Reservation(size) : WaitAndReserve(size, Deadline.Never);
    }

    /// <summary>Gives the place of the next sample, unless a subscriber that blocks has no room.</summary>
    /// <param name="size">Of the sample in bytes.</param>
    /// <param name="reservation">The place, when true is returned.</param>
    /// <returns>False when one has none.</returns>
    /// <inheritdoc cref="Reserve"/>
    public bool TryReserve(int size, out TopicReservation reservation)
    {
        Begin(size);
        bool isReady = _writer.IsReady || Prepare(Waiters.None, Deadline.Never);
        reservation = isReady ? Reservation(size) : default;
        return isReady;
    }

    /// <summary>Gives the place of the next sample; waits up to <paramref name="timeout"/> while a subscriber that blocks has no room.</summary>
    /// <param name="size">Of the sample in bytes.</param>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="reservation">The place, when true is returned.</param>
    /// <returns>False when the time was up.</returns>
    /// <inheritdoc cref="Reserve"/>
    public bool TryReserve(int size, TimeSpan timeout, out TopicReservation reservation)
    {
        Deadline deadline = Deadline.After(timeout);
        Begin(size);
        reservation = _writer.IsReady ? Reservation(size) : WaitAndReserve(size, deadline);
        return _writer.IsReady;
    }

    /// <summary>
    /// Ends publishing. What was published stays, and another may publish in its place. A thread that waits in this publisher gets
    /// <see cref="ObjectDisposedException"/>.
    /// </summary>
    public void Dispose()
    {
        if (_state == Disposed)
        {
            return;
        }
        _state = Disposed;
        bool isFree = _use.Dispose(WakePublishers);
        // What a thread had just reserved is not published any more.
        _state = Disposed;
        if (isFree)
        {
            Leave();
        }
    }

    // One of them is this one's.
    private void WakePublishers()
    {
        TopicSignalAll wake = new(TopicLayout.Room);
        SegmentMemory memory = _segment.Memory;
        Driver.Run(ref memory, ref wake);
        GC.KeepAlive(_segment);
    }

    /// <summary>Publishes what stands at the head.</summary>
    internal void CommitReserved(long reservation, int length)
    {
        if (_state != Reserved || reservation != _reservations)
        {
            throw new InvalidOperationException("What was reserved was committed or disposed already.");
        }
        _state = Idle;
        Commit(length);
    }

    /// <summary>The next sample comes to the same place.</summary>
    internal void Abandon(long reservation)
    {
        if (_state == Reserved && reservation == _reservations)
        {
            _state = Idle;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Begin(int size)
    {
        if (_state != Idle || (uint)size > (uint)_sizeMax)
        {
            Refuse(size);
        }
    }

    private void Refuse(int size)
    {
        ObjectDisposedException.ThrowIf(_state == Disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        throw _state == Idle
            ? new ArgumentException($"A sample of {size} bytes is too large: at most {_sizeMax} fit.", nameof(size))
            : new InvalidOperationException(
                _state == Reserved ? "A sample is reserved: commit or dispose it first." : "Another call publishes; one thread at a time may.");
    }

    private TopicReservation Reservation(int size)
    {
        _state = Reserved;
        return new TopicReservation(this, _slot + TopicLayout.PayloadOffset, size, ++_reservations);
    }

    private void Write(ReadOnlySpan<byte> sample)
    {
        // SAFETY: the size was checked, and a slot has room for the greatest.
        sample.CopyTo(new Span<byte>(_slot + TopicLayout.PayloadOffset, sample.Length));
        Commit(sample.Length);
    }

    // As the steps of TopicCommit.
    private void Commit(int length)
    {
        ulong* words = (ulong*)_slot;
        words[1] = _writer.Number;
        words[2] = (ulong)length;
        Volatile.Write(ref words[0], TopicHeader.Published(_writer.Head));
        _writer.Publish();
        byte* next = _slot + _stride;
        _slot = next == _end ? _first : next;
        if (_segment.Roster.NeedsPublisherFences)
        {
            _segment.FenceAsPublisher();
        }
        if (WaiterFlags.Of(Volatile.Read(ref *_news)) != Waiters.None)
        {
            WakeSubscribers();
        }
        if (_writer.Head == _writer.Limit)
        {
            // While the subscribers are busy with this one.
            Prepare(Waiters.None, Deadline.Never);
        }
        _segment.ThrowIfDisposed();
    }

    private void WakeSubscribers()
    {
        TopicSignalAll wake = new(TopicLayout.News);
        Driver.Run(_segment, ref wake);
    }

    private bool Prepare(Waiters waiters, Deadline deadline)
    {
        TopicReserve reserve = new(_layout, Index, _writer, waiters);
        if (waiters == Waiters.None)
        {
            Driver.Run(_segment, ref reserve);
            return Use(reserve);
        }
        UntilDisposed<TopicReserve> wait = _use.Until(reserve);
        Driver.Block(_segment, ref wait, deadline);
        ObjectDisposedException.ThrowIf(_use.IsDisposed, this);
        return Use(wait.Operation);
    }

    private bool WaitAndWrite(ReadOnlySpan<byte> sample, Deadline deadline)
    {
        _use.BeginLook();
        try
        {
            bool isReady = Prepare(Waiters.Sleepers, deadline);
            if (isReady)
            {
                Write(sample);
            }
            return isReady;
        }
        finally
        {
            _use.EndLook();
        }
    }

    private TopicReservation WaitAndReserve(int size, Deadline deadline)
    {
        _use.BeginLook();
        try
        {
            return Prepare(Waiters.Sleepers, deadline) ? Reservation(size) : default;
        }
        finally
        {
            _use.EndLook();
        }
    }

    private void LeaveWait()
    {
        if (_use.Leave())
        {
            Leave();
        }
    }

    private bool Use(in TopicReserve reserve)
    {
        _writer = reserve.Writer;
        _slot = SlotOf(_writer.Head);
        return reserve.IsDamaged ? throw Topic.Damaged() : _writer.IsReady;
    }

    private byte* SlotOf(ulong position) => _first + (_stride * _layout.IndexOf(position));

    // Also when the topic is disposed already: then it changes nothing.
    private void Leave()
    {
        TopicLeave leave = new(_layout.Owner(Index), _owner, TopicLayout.News);
        SegmentMemory memory = _segment.Memory;
        Driver.Run(ref memory, ref leave);
        GC.KeepAlive(_segment);
    }
}

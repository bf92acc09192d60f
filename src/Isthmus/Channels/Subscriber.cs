using System.Numerics;
using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// Receives the samples of a <see cref="Topic"/>, of all its publishers: on loan, where they stand, or as copies. Each subscriber gets all of them, from when it
/// subscribed on, and before that as much history as it asked for.
/// </summary>
/// <remarks>
/// Not thread-safe: one thread at a time. The samples of one publisher come in the order in which it published them. What a subscriber that is slow loses is
/// counted exactly, and told with the next sample (<see cref="TopicSampleInfo.Lost"/>).
/// </remarks>
public sealed unsafe partial class Subscriber : IDisposable
{
    // A publisher looks at it before the others, so that what it pins can be moved to one of them.
    private const int InnerPin = 0;

    // Loads in a row, without a pause between them; then as Segment.Spin does.
    private const int SpinsMax = 400;

    private static readonly bool s_canSpin = Environment.ProcessorCount > 1;

    private readonly Segment _segment;
    private readonly TopicLayout _layout;
    private readonly TopicCursor[] _cursors;
    private readonly int _sizeMax;
    private readonly nint _stride;
    private readonly int _seat;
    private readonly ulong _owner;
    private readonly ulong* _ringsInUse;
    private readonly ulong* _room;
    private readonly ulong* _pins;
    private readonly bool _blocks;

    // What was pinned last by each pin.
    private readonly ulong[] _pinned;

    // A bit for each pin that can be handed out. The first is for what is received and not handed out yet.
    private ulong _free;
    private TopicFound _pending;
    private bool _hasPending;
    private int _next;
    private bool _isDisposed;
    private bool _hasLeft;

    internal Subscriber(Topic topic, int seat, ulong owner, SubscriberOptions options)
    {
        Topic = topic;
        Overflow = options.Overflow;
        _blocks = Overflow == TopicOverflow.Block;
        _segment = topic.Segment;
        _layout = topic.Layout;
        _sizeMax = topic.MaxSampleSize;
        _stride = (nint)topic.Setup.SlotStride;
        _seat = seat;
        _owner = owner;
        ulong* words = (ulong*)_segment.State;
        _ringsInUse = words + TopicLayout.RingsInUse;
        _room = words + TopicLayout.Room;
        _pins = words + _layout.Pin(seat, 0);
        _pinned = new ulong[_layout.Pins];
        _free = ((1UL << topic.MaxLoans) - 1) << 1;
        _cursors = new TopicCursor[_layout.Publishers];
        for (int ring = 0; ring < _cursors.Length; ring++)
        {
            _cursors[ring] = Begin(ring, Math.Min(options.History, topic.History));
        }
    }

    /// <summary>Of which topic.</summary>
    public Topic Topic { get; }

    /// <summary>What happens when it is slower than a publisher.</summary>
    public TopicOverflow Overflow { get; }

    /// <summary>How many samples it has lost, as far as it has come.</summary>
    public long Lost { get; private set; }

    /// <summary>Waits for the next sample, and gets it on loan.</summary>
    /// <returns>To be disposed, so that its place can be used again.</returns>
    /// <exception cref="InvalidOperationException">It has <see cref="Topic.MaxLoans"/> on loan already.</exception>
    /// <exception cref="InvalidDataException">Somebody has damaged the topic's memory.</exception>
    /// <exception cref="ObjectDisposedException">This or the topic is disposed, before or meanwhile.</exception>
    public TopicSample Receive()
    {
        TryFind(LoanPin(), Deadline.Never, out TopicFound found);
        return Loan(found);
    }

    /// <summary>Gets the next sample on loan, if there is one.</summary>
    /// <param name="sample">To be disposed, when true is returned.</param>
    /// <returns>False when there is none.</returns>
    /// <inheritdoc cref="Receive()"/>
    public bool TryReceive(out TopicSample sample)
    {
        bool isFound = TryFind(LoanPin(), out TopicFound found);
        sample = isFound ? Loan(found) : default;
        return isFound;
    }

    /// <summary>Waits up to <paramref name="timeout"/> for the next sample, and gets it on loan.</summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="sample">To be disposed, when true is returned.</param>
    /// <returns>False when the time was up.</returns>
    /// <inheritdoc cref="Receive()"/>
    public bool TryReceive(TimeSpan timeout, out TopicSample sample)
    {
        bool isFound = TryFind(LoanPin(), Deadline.After(timeout), out TopicFound found);
        sample = isFound ? Loan(found) : default;
        return isFound;
    }

    /// <summary>Waits for the next sample, and copies it.</summary>
    /// <param name="destination">Where to; <see cref="Topic.MaxSampleSize"/> is always enough.</param>
    /// <exception cref="ArgumentException">The sample is larger; it is received again by the next call.</exception>
    /// <exception cref="InvalidDataException">Somebody has damaged the topic's memory.</exception>
    /// <exception cref="ObjectDisposedException">This or the topic is disposed, before or meanwhile.</exception>
    public TopicSampleInfo Receive(Span<byte> destination)
    {
        TopicSampleInfo info;
        while (!TryCopy(destination, out info))
        {
            Wait(Deadline.Never);
        }
        return info;
    }

    /// <summary>Copies the next sample, if there is one.</summary>
    /// <param name="destination">Where to; <see cref="Topic.MaxSampleSize"/> is always enough.</param>
    /// <param name="info">What is known of it, when true is returned.</param>
    /// <returns>False when there is none.</returns>
    /// <inheritdoc cref="Receive(Span{byte})"/>
    public bool TryReceive(Span<byte> destination, out TopicSampleInfo info) => TryCopy(destination, out info);

    /// <summary>Waits up to <paramref name="timeout"/> for the next sample, and copies it.</summary>
    /// <param name="destination">Where to; <see cref="Topic.MaxSampleSize"/> is always enough.</param>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="info">What is known of it, when true is returned.</param>
    /// <returns>False when the time was up.</returns>
    /// <inheritdoc cref="Receive(Span{byte})"/>
    public bool TryReceive(Span<byte> destination, TimeSpan timeout, out TopicSampleInfo info)
    {
        Deadline deadline = Deadline.After(timeout);
        while (!TryCopy(destination, out info))
        {
            if (!Wait(deadline) || deadline.HasPassed)
            {
                return TryCopy(destination, out info);
            }
        }
        return true;
    }

    /// <summary>Ends the subscription. Samples that are on loan stay so until they are disposed.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        if (_hasPending)
        {
            _hasPending = false;
            Unpin(_pending.Pin);
        }
        LeaveIfDone();
    }

    /// <summary>Gives a loan back, unless that was done before.</summary>
    internal void Release(int pin, ulong pinned)
    {
        if (_pinned[pin] != pinned)
        {
            return;
        }
        Unpin(pin);
        _free |= 1UL << pin;
        if (_isDisposed)
        {
            LeaveIfDone();
        }
    }

    private TopicCursor Begin(int ring, int history)
    {
        TopicFind find = new(_layout, ring, history);
        Driver.Run(_segment, ref find);
        if (find.IsDamaged)
        {
            _isDisposed = true;
            LeaveIfDone();
            throw Topic.Damaged();
        }
        TopicReader reader = find.Reader;
        byte* first = _segment.Data + Topic.Setup.OffsetOfRing(ring);
        TopicCursor cursor = new()
        {
            Reader = reader,
            First = first,
            End = first + (_stride * _layout.Slots),
            Slot = first + (_stride * _layout.IndexOf(reader.Position)),
            Claim = (ulong*)_segment.State + _layout.Claim(ring),
            Cursor = (ulong*)_segment.State + _layout.Cursor(_seat, ring),
        };
        if (_blocks)
        {
            TopicAdvance advance = new(_layout, _seat, ring, reader.Position);
            Driver.Run(_segment, ref advance);
        }
        return cursor;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int LoanPin()
    {
        if (_free == 0 || _isDisposed)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            throw new InvalidOperationException($"All of the {_layout.Pins - 1} samples that a subscriber may have on loan are: dispose one first.");
        }
        return BitOperations.TrailingZeroCount(_free);
    }

    private TopicSample Loan(TopicFound found)
    {
        _free &= ~(1UL << found.Pin);
        return new TopicSample(this, found.Payload, found.Pin, found.Pinned, found.Info);
    }

    private bool TryFind(int pin, Deadline deadline, out TopicFound found)
    {
        while (true)
        {
            for (int spin = 0; spin < (s_canSpin ? SpinsMax : 1); spin++)
            {
                if (TryFind(pin, out found))
                {
                    return true;
                }
            }
            // What was worth a look may have been garbage.
            if (!Wait(deadline) || deadline.HasPassed)
            {
                return TryFind(pin, out found);
            }
        }
    }

    private TopicFound MovePending(int pin)
    {
        _hasPending = false;
        _pins[pin] = _pinned[pin] = _pending.Pinned;
        Unpin(InnerPin);
        return _pending with { Pin = pin };
    }

    private bool TryFind(int pin, out TopicFound found)
    {
        if (_hasPending)
        {
            found = MovePending(pin);
            return true;
        }
        int rings = RingsInUse();
        for (int index = 0; index < rings; index++)
        {
            int ring = _next < rings ? _next : 0;
            _next = ring + 1;
            ref TopicCursor cursor = ref _cursors[ring];
            if (TopicHeader.IsReached(Volatile.Read(ref *(ulong*)cursor.Slot), cursor.Reader.Position) && TryTake(ref cursor, ring, pin, out found))
            {
                return true;
            }
        }
        _segment.ThrowIfDisposed();
        found = default;
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int RingsInUse() => _cursors.Length == 1 ? 1 : (int)Math.Min(Volatile.Read(ref *_ringsInUse), (ulong)_cursors.Length);

    // As the steps of TopicTake, when nothing is in the way.
    private bool TryTake(ref TopicCursor cursor, int ring, int pin, out TopicFound found)
    {
        ulong position = cursor.Reader.Position;
        ulong* slot = (ulong*)cursor.Slot;
        if (Volatile.Read(ref slot[0]) != TopicHeader.Published(position))
        {
            return TryTakeSlowly(ref cursor, ring, pin, out found);
        }
        ulong number = slot[1], length = slot[2], pinned = TopicPin.Of(ring, position);
        if (_blocks)
        {
            _pins[pin] = pinned;
            Pass(ref cursor, position);
        }
        else
        {
            Interlocked.Exchange(ref _pins[pin], pinned);
            if (_layout.IsGone(position, Volatile.Read(ref *cursor.Claim)))
            {
                Unpin(pin);
                return TryTakeSlowly(ref cursor, ring, pin, out found);
            }
        }
        _pinned[pin] = pinned;
        found = new TopicFound
        {
            Payload = cursor.Slot + TopicLayout.PayloadOffset,
            Pin = pin,
            Pinned = pinned,
            Info = Took(ref cursor, ring, position, number, length),
        };
        return true;
    }

    private bool TryTakeSlowly(ref TopicCursor cursor, int ring, int pin, out TopicFound found)
    {
        TopicTake take = new(_layout, ring, _seat, pin, cursor.Reader, _blocks);
        ulong expected = cursor.Reader.Number;
        Driver.Run(_segment, ref take);
        cursor.Reader = take.Reader;
        cursor.Slot = cursor.First + (_stride * _layout.IndexOf(take.Reader.Position));
        if (take.IsDamaged)
        {
            throw Topic.Damaged();
        }
        found = default;
        if (!take.Taken)
        {
            return false;
        }
        _pinned[pin] = TopicPin.Of(ring, take.Position);
        found = new TopicFound
        {
            Payload = cursor.First + (_stride * _layout.IndexOf(take.Position)) + TopicLayout.PayloadOffset,
            Pin = pin,
            Pinned = _pinned[pin],
            Info = new TopicSampleInfo(LengthOf(take.Length), ring, (long)(expected + take.Lost), (long)take.Lost),
        };
        CountLost(take.Lost);
        return true;
    }

    private bool TryCopy(Span<byte> destination, out TopicSampleInfo info)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!_hasPending)
        {
            int rings = RingsInUse();
            for (int index = 0; index < rings; index++)
            {
                int ring = _next < rings ? _next : 0;
                _next = ring + 1;
                ref TopicCursor cursor = ref _cursors[ring];
                if (TopicHeader.IsReached(Volatile.Read(ref *(ulong*)cursor.Slot), cursor.Reader.Position) && TryCopy(ref cursor, ring, destination, out info))
                {
                    return true;
                }
            }
            _segment.ThrowIfDisposed();
        }
        return TryCopyPending(destination, out info);
    }

    // As the steps of TopicTake without a pin; where something is in the way, with it.
    private bool TryCopy(ref TopicCursor cursor, int ring, Span<byte> destination, out TopicSampleInfo info)
    {
        ulong position = cursor.Reader.Position;
        ulong* slot = (ulong*)cursor.Slot;
        if (Volatile.Read(ref slot[0]) == TopicHeader.Published(position))
        {
            ulong number = slot[1], length = slot[2];
            if (length <= (ulong)destination.Length && length <= (ulong)_sizeMax)
            {
                // SAFETY: the length was copied once and checked; a slot has room for the greatest.
                new ReadOnlySpan<byte>(cursor.Slot + TopicLayout.PayloadOffset, (int)length).CopyTo(destination);
                Volatile.ReadBarrier();
                if (_blocks)
                {
                    Pass(ref cursor, position);
                    info = Took(ref cursor, ring, position, number, length);
                    return true;
                }
                if (!_layout.IsGone(position, Volatile.Read(ref *cursor.Claim)))
                {
                    info = Took(ref cursor, ring, position, number, length);
                    return true;
                }
            }
        }
        info = default;
        if (!TryTake(ref cursor, ring, InnerPin, out _pending))
        {
            return false;
        }
        _hasPending = true;
        return TryCopyPending(destination, out info);
    }

    private bool TryCopyPending(Span<byte> destination, out TopicSampleInfo info)
    {
        info = _pending.Info;
        if (!_hasPending)
        {
            return false;
        }
        if (info.Length > destination.Length)
        {
            throw new ArgumentException($"The sample has {info.Length} bytes, and there is room for {destination.Length}.", nameof(destination));
        }
        // SAFETY: it is pinned, and its length was checked.
        new ReadOnlySpan<byte>(_pending.Payload, info.Length).CopyTo(destination);
        _hasPending = false;
        Unpin(_pending.Pin);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TopicSampleInfo Took(ref TopicCursor cursor, int ring, ulong position, ulong number, ulong length)
    {
        ulong lost = number - cursor.Reader.Number;
        if (lost != 0)
        {
            if (number < cursor.Reader.Number || number > position)
            {
                throw Topic.Damaged();
            }
            CountLost(lost);
        }
        cursor.Reader = new TopicReader { Position = position + 1, Number = number + 1 };
        byte* next = cursor.Slot + _stride;
        cursor.Slot = next == cursor.End ? cursor.First : next;
        return new TopicSampleInfo(LengthOf(length), ring, (long)number, (long)lost);
    }

    // It wants nothing more up to a position.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Pass(ref TopicCursor cursor, ulong position)
    {
        Volatile.Write(ref *cursor.Cursor, position + 1);
        TellPublishers();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void TellPublishers()
    {
        if (_segment.Roster.NeedsPublisherFences)
        {
            Interlocked.MemoryBarrier();
        }
        if (WaiterFlags.Of(Volatile.Read(ref *_room)) != Waiters.None)
        {
            WakePublishers();
        }
    }

    private void WakePublishers()
    {
        TopicSignalAll wake = new(TopicLayout.Room);
        SegmentMemory memory = _segment.Memory;
        Driver.Run(ref memory, ref wake);
    }

    private int LengthOf(ulong length) => length <= (ulong)_sizeMax ? (int)length : throw Topic.Damaged();

    // Nobody else writes there.
    private void CountLost(ulong lost)
    {
        if (lost > 0)
        {
            Lost += (long)lost;
            _segment.Memory.Store(_layout.Lost(_seat), (ulong)Lost);
        }
    }

    private bool Wait(Deadline deadline)
    {
        TopicAwait<TopicReaders> wait = new(_layout, new TopicReaders(_cursors), Waiters.Sleepers);
        Driver.Block(_segment, ref wait, deadline);
        return wait.IsReady;
    }

    // Also when the topic is disposed already: then it changes nothing.
    private void Unpin(int pin)
    {
        _pinned[pin] = TopicPin.None;
        Volatile.Write(ref _pins[pin], TopicPin.None);
        TellPublishers();
    }

    private void LeaveIfDone()
    {
        if (_hasLeft || _pinned.AsSpan().ContainsAnyExcept(TopicPin.None))
        {
            return;
        }
        _hasLeft = true;
        TopicLeave leave = new(_layout.Seat(_seat), _owner, TopicLayout.Room);
        SegmentMemory memory = _segment.Memory;
        Driver.Run(ref memory, ref leave);
        GC.KeepAlive(_segment);
    }
}

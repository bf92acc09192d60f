using System.Numerics;
using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// Receives the samples of a <see cref="Topic"/>, of all its publishers: on loan, where they stand, or as copies. Each subscriber gets all of them, from
/// when it subscribed on, and before that as much history as it asked for.
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
    private readonly bool _ends;

    // What was pinned last by each pin.
    private readonly ulong[] _pinned;

    // A bit for each pin that can be handed out. The first is for what is received and not handed out yet.
    private ulong _free;
    private TopicFound _pending;
    private bool _hasPending;
    private readonly ChannelUse _use = new();
    private int _next;
    private volatile bool _isDisposed;
    private bool _hasLeft;

    internal Subscriber(Topic topic, int seat, ulong owner, SubscriberOptions options)
    {
        Topic = topic;
        Overflow = options.Overflow;
        _blocks = Overflow == TopicOverflow.Block;
        _ends = options.EndsWithPublishers;
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
        // From here on it gets everything: who waits for subscribers may publish.
        TopicBegin begin = new(_layout, _seat);
        Driver.Run(_segment, ref begin);
    }

    /// <summary>Of which topic.</summary>
    public Topic Topic { get; }

    /// <summary>What happens when it is slower than a publisher.</summary>
    public TopicOverflow Overflow { get; }

    /// <summary>How many samples it has lost, as far as it has come.</summary>
    public long Lost { get; private set; }

    /// <summary>
    /// Whether a wait has found that there were publishers, none is left, and nothing of theirs either (<see cref="SubscriberOptions.EndsWithPublishers"/>).
    /// When another comes, it can be received from.
    /// </summary>
    public bool HasEnded { get; private set; }

    /// <summary>Waits for the next sample, and gets it on loan.</summary>
    /// <returns>To be disposed, so that its place can be used again.</returns>
    /// <exception cref="EndOfStreamException">No publisher is left: see <see cref="HasEnded"/>.</exception>
    /// <exception cref="InvalidOperationException">It has <see cref="Topic.MaxLoans"/> on loan already.</exception>
    /// <exception cref="InvalidDataException">Somebody has damaged the topic's memory.</exception>
    /// <exception cref="ObjectDisposedException">This or the topic is disposed, before or meanwhile.</exception>
    public TopicSample Receive() => TryFind(LoanPin(), Deadline.Never, out TopicFound found) ? Loan(found) : throw Ended();

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
    /// <returns>False when the time was up, or <see cref="HasEnded"/>.</returns>
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
    /// <exception cref="EndOfStreamException">No publisher is left: see <see cref="HasEnded"/>.</exception>
    /// <exception cref="InvalidDataException">Somebody has damaged the topic's memory.</exception>
    /// <exception cref="ObjectDisposedException">This or the topic is disposed, before or meanwhile.</exception>
    public TopicSampleInfo Receive(Span<byte> destination) =>
        TryReceive(destination, Deadline.Never, out TopicSampleInfo info) ? info : throw Ended();

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
    /// <returns>False when the time was up, or <see cref="HasEnded"/>.</returns>
    /// <inheritdoc cref="Receive(Span{byte})"/>
    public bool TryReceive(Span<byte> destination, TimeSpan timeout, out TopicSampleInfo info) =>
        TryReceive(destination, Deadline.After(timeout), out info);

    /// <summary>
    /// Ends the subscription. Samples that are on loan stay so until they are disposed. A thread that waits in this subscriber gets
    /// <see cref="ObjectDisposedException"/>.
    /// </summary>
    public void Dispose()
    {
        _isDisposed = true;
        if (_use.Dispose(WakeSubscribers))
        {
            End();
        }
    }

    // One of them is this one's.
    private void WakeSubscribers()
    {
        TopicSignalAll wake = new(TopicLayout.News);
        SegmentMemory memory = _segment.Memory;
        Driver.Run(ref memory, ref wake);
        GC.KeepAlive(_segment);
    }

    private void End()
    {
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
            _segment.FenceAsPublisher();
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
        UntilDisposed<TopicAwait<TopicReaders>> wait = _use.Until(NewWait(Waiters.Sleepers));
        Driver.Block(_segment, ref wait, deadline);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        HasEnded = wait.Operation.HasEnded;
        return wait.Operation.IsReady;
    }

    private void LeaveWait()
    {
        if (_use.Leave())
        {
            End();
        }
    }

    private TopicAwait<TopicReaders> NewWait(Waiters waiters) => new(_layout, new TopicReaders(_cursors), waiters, _ends);

    private EndOfStreamException Ended() => new($"{_segment} has no publisher any more, and all of its samples were received.");

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

using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// Sends messages into a <see cref="SharedQueue"/>: a lane of its own for each priority, so that no other producer is ever in its way. One
/// thread at a
/// time may use it.
/// </summary>
/// <remarks>
/// Messages of one producer and one priority are received in the order in which they were sent. When a send has returned, the message is there,
/// whatever becomes
/// of this process; one whose send had not returned is received whole or not at all.
/// </remarks>
public sealed unsafe partial class QueueProducer : IDisposable
{
    private readonly QueueCore _core;
    private readonly Segment _segment;
    private readonly SegmentMemory _memory;
    private readonly QueueLane[] _lanes;
    private readonly ulong* _arrivals;
    private readonly uint _capacity;
    private readonly bool _tellsAlone;
    private readonly int _place;
    private readonly ulong _owned;
    private readonly ChannelUse _use = new();
    private bool _isReserved;
    private int _isDisposed;
    private int _hasLeft;

    internal QueueProducer(QueueCore core, QueueProducerOptions options)
    {
        _core = core;
        _segment = core.Segment;
        _memory = _segment.Memory;
        _arrivals = core.At(QueueShape.Arrivals);
        _capacity = (uint)core.Shape.Capacity;
        _tellsAlone = options.TellsWithoutConsumers || options.NeedsConsumers;
        _needsConsumers = options.NeedsConsumers;
        QueueJoin join = core.Join(QueueRole.Producer);
        (_place, _owned) = (join.Place, join.Owned);
        _lanes = new QueueLane[core.Shape.Priorities];
        try
        {
            for (int priority = 0; priority < _lanes.Length; priority++)
            {
                _lanes[priority] = Adopt(core.Shape.Lane(_place, priority));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The longest message, in bytes: half a lane, less 8.</summary>
    public int MaxMessage => _core.Shape.LengthMax;

    /// <summary>
    /// A place in the queue for a message: write it there and commit it, and nothing is copied. Waits for room as <see cref="Send"/> does.
    /// </summary>
    /// <param name="length">Of the message, in bytes: from 0 to <see cref="MaxMessage"/>.</param>
    /// <param name="priority">From 0, the lowest, to the number of priorities less one.</param>
    /// <returns>The place; without one, <see cref="QueueReservation.Outcome"/> says why.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are no such messages or priorities.</exception>
    /// <exception cref="InvalidOperationException">Another reservation of this producer is open.</exception>
    /// <exception cref="ObjectDisposedException">The producer or the queue is disposed, before or meanwhile.</exception>
    public QueueReservation Reserve(int length, int priority = 0) => Reserve(length, priority, Deadline.Never);

    /// <inheritdoc cref="Reserve(int, int)"/>
    /// <summary>A place in the queue for a message, if there is room now.</summary>
    public QueueReservation TryReserve(int length, int priority = 0) => Reserve(length, priority, Deadline.After(TimeSpan.Zero));

    /// <summary>Sends a message. Where there is no room for it, what the queue was made for happens: see <see cref="QueueWhenFull"/>.</summary>
    /// <param name="message">At most <see cref="MaxMessage"/> bytes.</param>
    /// <param name="priority">From 0, the lowest, to the number of priorities less one.</param>
    /// <exception cref="ArgumentException">It is too long.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such priority.</exception>
    /// <exception cref="InvalidOperationException">A reservation of this producer is open.</exception>
    /// <exception cref="ObjectDisposedException">The producer or the queue is disposed, before or meanwhile.</exception>
    /// <exception cref="InvalidDataException">The queue's memory holds what no participant writes.</exception>
    public QueueSendOutcome Send(ReadOnlySpan<byte> message, int priority = 0)
    {
        ref QueueLane lane = ref LaneOf(priority);
        return TryWrite(ref lane, message) ? Announce() : SendSlowly(ref lane, message, Deadline.Never);
    }

    /// <summary>Sends a message if there is room for it now.</summary>
    /// <returns>Whether it was sent.</returns>
    /// <inheritdoc cref="Send"/>
    public bool TrySend(ReadOnlySpan<byte> message, int priority = 0)
    {
        ref QueueLane lane = ref LaneOf(priority);
        QueueSendOutcome outcome = TryWrite(ref lane, message)
            ? Announce()
            : SendSlowly(ref lane, message, Deadline.After(TimeSpan.Zero));
        return outcome == QueueSendOutcome.Sent;
    }

    /// <summary>Sends a message, and waits for room at most <paramref name="timeout"/>.</summary>
    /// <param name="message">At most <see cref="MaxMessage"/> bytes.</param>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="priority">From 0, the lowest, to the number of priorities less one.</param>
    /// <inheritdoc cref="Send"/>
    public QueueSendOutcome TrySend(ReadOnlySpan<byte> message, TimeSpan timeout, int priority = 0)
    {
        Deadline.Check(timeout);
        ref QueueLane lane = ref LaneOf(priority);
        return TryWrite(ref lane, message) ? Announce() : SendSlowly(ref lane, message, Deadline.After(timeout));
    }

    /// <summary>Sends a message, and completes when that is done; it is copied then, and must stay as it is until then.</summary>
    /// <param name="message">At most <see cref="MaxMessage"/> bytes.</param>
    /// <param name="priority">From 0, the lowest, to the number of priorities less one.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    /// <exception cref="OperationCanceledException">Cancelled: nothing was sent.</exception>
    /// <inheritdoc cref="Send"/>
    public ValueTask<QueueSendOutcome> SendAsync(
        ReadOnlyMemory<byte> message, int priority = 0, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ref QueueLane lane = ref LaneOf(priority);
        return TryWrite(ref lane, message.Span)
            ? new(Announce())
            : SendWhenThereIsRoom(message, priority, cancellationToken);
    }

    /// <summary>
    /// Gives its place back. What it has sent stays; what was reserved was never there. A thread that waits in this producer gets
    /// <see cref="ObjectDisposedException"/>.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }
        if (_use.Dispose(_core.WakeAll))
        {
            Leave();
        }
    }

    internal QueueCore Core => _core;

    /// <summary>Before a wait and what follows it: the place is not given back meanwhile.</summary>
    internal void EnterWait() => _use.Enter();

    /// <summary>After that.</summary>
    internal void LeaveWait()
    {
        if (_use.Leave())
        {
            Leave();
        }
    }

    private void Leave()
    {
        if (Interlocked.Exchange(ref _hasLeft, 1) == 0)
        {
            _core.Leave(QueueRole.Producer, _place, _owned);
        }
    }

    private QueueLane Adopt(int number)
    {
        QueueTailSearch search = new(_core.Shape, number);
        _core.Run(ref search);
        if (search.IsDamaged)
        {
            throw _core.Damaged("there is no end to what a lane's former producer has written");
        }
        ulong* freed = _core.At(_core.Shape.Freed(number));
        return new QueueLane
        {
            Ring = (byte*)_core.At(_core.Shape.At(number, 0)),
            Freed = freed,
            Shown = _core.At(_core.Shape.Tail(number)),
            Tail = search.Tail,
            Limit = Volatile.Read(ref *freed) + _capacity,
            ZeroAt = ulong.MaxValue,
            Lane = number,
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref QueueLane LaneOf(int priority)
    {
        if ((uint)priority >= (uint)_lanes.Length || _isReserved || _isDisposed != 0)
        {
            ThrowUnusable(priority);
        }
        return ref _lanes[priority];
    }

    private void ThrowUnusable(int priority)
    {
        ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        ArgumentOutOfRangeException.ThrowIfNegative(priority);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(priority, _lanes.Length);
        throw new InvalidOperationException("A reservation of this producer is open: commit or dispose it first.");
    }
}

using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// Receives messages from a <see cref="SharedQueue"/>, where they stand (a <see cref="QueueLoan"/>) or copied. One thread at a time may use it.
/// </summary>
/// <remarks>
/// Among the producers of one priority it takes turns. Each message goes to one consumer, in the order of each producer and priority.
/// </remarks>
public sealed unsafe partial class QueueConsumer : IDisposable
{
    private readonly QueueCore _core;
    private readonly Segment _segment;
    private readonly SegmentMemory _memory;
    private readonly QueueShape _shape;
    private readonly QueueReader[] _lanes;
    private readonly ulong* _producersInUse;
    private readonly uint _capacity;
    private readonly bool _claims;
    private readonly bool _tellsAlone;
    private readonly int _place;
    private readonly ulong _owned;
    private readonly ChannelUse _use = new();
    private int _turn;
    private int _streak;

    // A lane + 1 of which something was finished that another is to free.
    private int _owing;
    private bool _mustPassOn;
    private int _isDisposed;
    private int _hasLeft;

    internal QueueConsumer(QueueCore core, QueueConsumerOptions options)
    {
        _core = core;
        _segment = core.Segment;
        _memory = _segment.Memory;
        _shape = core.Shape;
        _claims = _shape.Claims;
        _tellsAlone = options.EndsWithProducers;
        _capacity = (uint)_shape.Capacity;
        _producersInUse = core.At(QueueShape.ProducersInUse);
        QueueJoin join = core.Join(QueueRole.Consumer);
        (_place, _owned) = (join.Place, join.Owned);
        // So that several begin with different producers.
        _turn = _place;
        _lanes = new QueueReader[_shape.Lanes];
        for (int lane = 0; lane < _lanes.Length; lane++)
        {
            ulong* control = core.At(_shape.Taken(lane));
            _lanes[lane] = new QueueReader
            {
                Ring = (byte*)core.At(_shape.At(lane, 0)),
                Control = control,
                Room = core.At(_shape.Room(lane)),
                Taken = Volatile.Read(ref control[0]),
                Freed = Volatile.Read(ref control[1]),
            };
            if (_lanes[lane].Taken % QueueHeader.Size != 0 || _lanes[lane].Freed > _lanes[lane].Taken)
            {
                Dispose();
                throw core.Damaged("a lane's positions are none");
            }
        }
    }

    /// <summary>Takes the next message, if there is one.</summary>
    /// <param name="loan">The message, where it stands. To be disposed, which frees its place.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="ObjectDisposedException">The consumer or the queue is disposed, before or meanwhile.</exception>
    /// <exception cref="InvalidDataException">The queue's memory holds what no participant writes.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReceive(out QueueLoan loan)
    {
        if (_lanes.Length == 1 && !_claims && _isDisposed == 0 && !_isBatchOpen)
        {
            if (TryTake(0, out loan))
            {
                _segment.ThrowIfDisposed();
                return true;
            }
            if (loan.Header == 0)
            {
                ThrowIfDisposed();
                return false;
            }
        }
        return TryReceiveAny(out loan);
    }

    /// <summary>Takes the next message; waits until there is one.</summary>
    /// <param name="loan">The message, where it stands. To be disposed, which frees its place.</param>
    /// <returns>
    /// <see cref="QueueReceiveOutcome.Received"/>, or why there will be none: <see cref="QueueReceiveOutcome.Closed"/>,
    /// <see cref="QueueReceiveOutcome.NoProducer"/>.
    /// </returns>
    /// <inheritdoc cref="TryReceive(out QueueLoan)"/>
    public QueueReceiveOutcome Receive(out QueueLoan loan) =>
        TryReceive(out loan) ? QueueReceiveOutcome.Received : WaitAndReceive(out loan, Deadline.Never);

    /// <summary>Takes the next message; waits for one at most <paramref name="timeout"/>.</summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="loan">The message, where it stands. To be disposed, which frees its place.</param>
    /// <inheritdoc cref="TryReceive(out QueueLoan)"/>
    public QueueReceiveOutcome TryReceive(TimeSpan timeout, out QueueLoan loan)
    {
        Deadline.Check(timeout);
        return TryReceive(out loan) ? QueueReceiveOutcome.Received : WaitAndReceive(out loan, Deadline.After(timeout));
    }

    /// <summary>
    /// Takes the next message, if there is one, and copies it. In a queue with acknowledgement it is acknowledged by that.
    /// </summary>
    /// <param name="buffer">Where to.</param>
    /// <param name="message">What was copied.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="ArgumentException">The message is longer than the buffer; it stays in the queue, or in one without acknowledgement it is
    /// lost, and not counted.</exception>
    /// <inheritdoc cref="TryReceive(out QueueLoan)"/>
    public bool TryReceive(Span<byte> buffer, out QueueMessage message)
    {
        if (!TryReceive(out QueueLoan loan))
        {
            message = new QueueMessage(QueueReceiveOutcome.Empty);
            return false;
        }
        message = Copy(ref loan, buffer);
        return true;
    }

    /// <summary>Takes the next message and copies it; waits for one at most <paramref name="timeout"/>.</summary>
    /// <param name="buffer">Where to.</param>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <returns>What was copied, or why there was nothing.</returns>
    /// <inheritdoc cref="TryReceive(Span{byte}, out QueueMessage)"/>
    public QueueMessage Receive(Span<byte> buffer, TimeSpan timeout)
    {
        QueueReceiveOutcome outcome = TryReceive(timeout, out QueueLoan loan);
        return outcome == QueueReceiveOutcome.Received ? Copy(ref loan, buffer) : new QueueMessage(outcome);
    }

    /// <summary>Takes the next message and copies it; waits until there is one.</summary>
    /// <param name="buffer">Where to.</param>
    /// <returns>What was copied, or why there will be nothing.</returns>
    /// <inheritdoc cref="TryReceive(Span{byte}, out QueueMessage)"/>
    public QueueMessage Receive(Span<byte> buffer) => Receive(buffer, Timeout.InfiniteTimeSpan);

    /// <summary>
    /// That there may be a message, or never will be again, as one of several things to wait for. Nothing is taken by it.
    /// </summary>
    public WaitSource ToWaitSource() => QueueWait.Of(_core, _tellsAlone);

    /// <summary>
    /// Gives its place back. Dispose the loans first: in a queue with one consumer, without acknowledgement, those that are open are lost and counted by
    /// this; in others they can be finished still, and nobody else gets them before the queue object is disposed. A thread that waits in this consumer gets
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

    /// <summary>Whether there will be nothing more. It looks further only where somebody has closed the queue, or may be the last to leave it.</summary>
    internal bool HasEnded()
    {
        if (!_tellsAlone && !_core.IsCompleted)
        {
            return false;
        }
        QueueArrival look = new(_shape, _tellsAlone, Waiters.None);
        _core.Run(ref look);
        return OutcomeOf(look) is QueueReceiveOutcome.Closed or QueueReceiveOutcome.NoProducer;
    }

    internal int PriorityOf(int lane) => lane / _shape.Producers;

    internal bool Acknowledges => _shape.Acknowledges;

    private static QueueMessage Copy(ref QueueLoan loan, Span<byte> buffer)
    {
        if (loan.Length > buffer.Length)
        {
            int length = loan.Length;
            loan.Dispose();
            throw new ArgumentException($"The message has {length} bytes, and the buffer {buffer.Length}.", nameof(buffer));
        }
        loan.Span.CopyTo(buffer);
        QueueMessage message = new(QueueReceiveOutcome.Received, loan.Length, loan.Priority, loan.IsRedelivered);
        loan.Acknowledge();
        return message;
    }

    private void Leave()
    {
        if (Interlocked.Exchange(ref _hasLeft, 1) == 0)
        {
            FreeOwed();
            _core.Leave(QueueRole.Consumer, _place, _owned);
        }
    }

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

    private void ThrowIfDisposed()
    {
        ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        _segment.ThrowIfDisposed();
    }
}

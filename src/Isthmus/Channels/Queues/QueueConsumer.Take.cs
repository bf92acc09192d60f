using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Isthmus.Native;

namespace Isthmus;

/// <content>How messages are taken: as the steps of <see cref="QueueTake"/>, <see cref="QueueClaim"/>, <see cref="QueueFinish"/> and
/// <see cref="QueueSettle"/>, where nothing is in the way.</content>
public sealed unsafe partial class QueueConsumer
{
    // Looks without a pause, before it waits as others do, where there is more than one CPU; where others may need it, only the first of them.
    private const int MoreLooks = 270;

    // So many messages of one producer come one after the other, where others have some, too: each change costs some cache lines.
    private const int StreakMax = 32;

    // So much is received without a wait in a stream; so long is the pause, in rounds of some 40 ns, when it has been read up.
    private const int StreamBytes = 512, StreamPause = 4, LanesLooked = 16;

    private static readonly bool s_canSpin = Environment.ProcessorCount > 1;

    private static readonly int s_firstLooks = s_canSpin ? 30 : 0;

    private ulong _takenAtPause;

    internal InvalidDataException WrongLength(int found, int expected) =>
        _core.Damaged($"a message has {found} bytes, and all should have {expected}");

    /// <summary>Finishes a message, or gives it back.</summary>
    internal void Settle(in QueueLoan loan, bool isDone)
    {
        if (_claims)
        {
            SettleClaimed(loan, isDone);
        }
        else if (_isDisposed == 0)
        {
            Finish(ref _lanes[loan.Lane], loan);
        }
        GC.KeepAlive(_segment);
    }

    /// <exception cref="ObjectDisposedException">The queue was disposed before or while something was finished: it may be received again.</exception>
    internal void ThrowIfUncertain() => _segment.ThrowIfDisposed();

    /// <summary>Takes the next message of a lane, by its only consumer. If not, the loan's header is what stands there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryTake(int number, out QueueLoan loan)
    {
        ref QueueReader lane = ref _lanes[number];
        ulong position = lane.Taken;
        uint offset = (uint)position & (_capacity - QueueHeader.Size);
        byte* record = lane.Ring + offset;
        ulong header = Volatile.Read(ref *(ulong*)record);
        int length = QueueHeader.LengthOf(header);
        uint size = (uint)QueueHeader.RecordSize(length);
        if (!QueueHeader.IsNew(header, position) || offset + size > _capacity)
        {
            // The rest of a message that begins in this line stands in the next, 64 bytes on: so both lines come together, and not one after the
            // other. It is no access, wherever it points.
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(record + 64);
            }
            loan = new QueueLoan(header);
            return false;
        }
        lane.Taken = position + size;
        Volatile.Write(ref *lane.Control, position + size);
        loan = new QueueLoan(this, record, header, position, number);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Finish(ref QueueReader lane, in QueueLoan loan)
    {
        if (loan.Position == lane.Freed)
        {
            ulong freed = loan.Position + (uint)QueueHeader.RecordSize(loan.Length);
            if (freed == lane.Taken)
            {
                lane.Freed = freed;
                Volatile.Write(ref lane.Control[1], freed);
                _memory.PublisherFence();
                if ((Volatile.Read(ref *lane.Room) & (ulong)Waiters.All) == 0)
                {
                    return;
                }
            }
        }
        FinishSlowly(ref lane, loan);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FinishSlowly(ref QueueReader lane, in QueueLoan loan)
    {
        if (loan.Position < lane.Freed)
        {
            // Freed just now, or it is a copy of a loan that was disposed. Somebody waits for room.
            Notify(loan.Lane);
            return;
        }
        QueueFinish finish = new(_shape, loan.Lane, loan.Position, lane.Freed, lane.Taken);
        _core.RunLast(ref finish);
        lane.Freed = finish.Freed;
    }

    private void Notify(int lane)
    {
        QueueNotify notify = new(_shape.Room(lane));
        SegmentMemory memory = _memory;
        while (!notify.Step(ref memory))
        {
        }
    }

    private bool TryReceiveAny(out QueueLoan loan)
    {
        ThrowIfDisposed();
        if (_isBatchOpen)
        {
            throw new InvalidOperationException("A batch of this consumer is open: dispose it first.");
        }
        int producers = (int)Math.Min(Volatile.Read(ref *_producersInUse), (ulong)_shape.Producers);
        for (int priority = _shape.Priorities - 1; priority >= 0; priority--)
        {
            int turn = _turn < producers ? _turn : 0;
            for (int producer = 0; producer < producers; producer++)
            {
                int lane = _shape.Lane(turn, priority);
                if (_claims ? TryClaim(lane, out loan) : TryTake(lane, out loan) || (loan.Header != 0 && TryTakeSlowly(lane, out loan)))
                {
                    TakeTurns(turn);
                    _segment.ThrowIfDisposed();
                    return true;
                }
                turn = turn + 1 < producers ? turn + 1 : 0;
            }
        }
        FreeOwed();
        loan = default;
        return false;
    }

    // What somebody else was to free, and may have done before this was finished.
    private void FreeOwed()
    {
        if (_owing > 0)
        {
            QueueSettle settled = QueueSettle.Stored(_shape, _owing - 1);
            _owing = 0;
            _core.RunLast(ref settled);
        }
    }

    private void TakeTurns(int turn)
    {
        _streak = turn == _turn ? _streak + 1 : 1;
        _turn = turn;
        if (_streak >= StreakMax)
        {
            (_turn, _streak) = (turn + 1, 0);
        }
    }

    // Over a filler, or to where it is clear that something is damaged.
    private bool TryTakeSlowly(int number, out QueueLoan loan)
    {
        ref QueueReader lane = ref _lanes[number];
        QueueTake take = new(_shape, number, lane.Taken, lane.Freed);
        _core.Run(ref take);
        if (take.IsDamaged)
        {
            throw _core.Damaged("there is something else than messages in a lane");
        }
        lane.Freed = take.Freed;
        lane.Taken = take.Position;
        if (!take.IsTaken)
        {
            loan = default;
            return false;
        }
        loan = new QueueLoan(this, lane.Ring + ((uint)take.Position & (_capacity - QueueHeader.Size)), take.Header, take.Position, number);
        lane.Taken += (uint)QueueHeader.RecordSize(loan.Length);
        return true;
    }

    private bool TryClaim(int number, out QueueLoan loan)
    {
        ref QueueReader lane = ref _lanes[number];
        ulong position = Volatile.Read(ref *lane.Control);
        uint offset = (uint)position & (_capacity - QueueHeader.Size);
        byte* record = lane.Ring + offset;
        ulong header = Volatile.Read(ref *(ulong*)record);
        uint size = (uint)QueueHeader.RecordSize(QueueHeader.LengthOf(header));
        bool isBehind = _shape.Acknowledges && QueueBehind.IsPending(Volatile.Read(ref lane.Control[3]));
        if (!isBehind && header == 0 && Volatile.Read(ref *lane.Control) == position)
        {
            loan = default;
            return false;
        }
        if (isBehind || !QueueHeader.IsNew(header, position) || offset + size > _capacity
            || Interlocked.CompareExchange(ref *(ulong*)record, QueueHeader.Taken(header, _core.Owner), header) != header)
        {
            return TryClaimSlowly(number, out loan);
        }
        Interlocked.CompareExchange(ref *lane.Control, position + size, position);
        loan = new QueueLoan(this, record, header, position, number);
        return true;
    }

    private bool TryClaimSlowly(int number, out QueueLoan loan)
    {
        QueueClaim claim = new(_shape, number, _core.Owner);
        _core.Run(ref claim);
        if (claim.IsDamaged)
        {
            throw _core.Damaged("there is something else than messages in a lane");
        }
        loan = claim.IsTaken
            ? new QueueLoan(this, _lanes[number].Ring + ((uint)claim.Position & (_capacity - QueueHeader.Size)), claim.Header, claim.Position, number)
            : default;
        return claim.IsTaken;
    }

    private void SettleClaimed(in QueueLoan loan, bool isDone)
    {
        byte* record = _lanes[loan.Lane].Ring + ((uint)loan.Position & (_capacity - QueueHeader.Size));
        if (Volatile.Read(ref *(ulong*)record) != QueueHeader.Taken(loan.Header, _core.Owner))
        {
            // The copy of a loan that was disposed.
            return;
        }
        if (isDone)
        {
            FinishClaimed(ref _lanes[loan.Lane], record, loan);
            return;
        }
        QueueSettle settle = new(_shape, loan.Lane, loan.Position, QueueHeader.Returned(loan.Header, loan.Position));
        _core.RunLast(ref settle);
    }

    private void FinishClaimed(ref QueueReader lane, byte* record, in QueueLoan loan)
    {
        ulong end = loan.Position + (uint)QueueHeader.RecordSize(loan.Length);
        QueueRecordState next = QueueHeader.StateOf(Volatile.Read(ref *(ulong*)(lane.Ring + ((uint)end & (_capacity - QueueHeader.Size)))));
        Volatile.Write(ref *(ulong*)record, QueueHeader.With(loan.Header, QueueRecordState.Done, loan.Position));
        bool isFreed = IsFreedByNext(next, loan.Position, end);
        if (isFreed)
        {
            _owing = loan.Lane + 1;
        }
        else
        {
            isFreed = next is QueueRecordState.Empty or QueueRecordState.Published or QueueRecordState.Taken
                && Interlocked.CompareExchange(ref lane.Control[1], end, loan.Position) == loan.Position;
        }
        _memory.PublisherFence();
        if (!isFreed || (Volatile.Read(ref *lane.Room) & (ulong)Waiters.All) != 0)
        {
            QueueSettle settled = QueueSettle.Stored(_shape, loan.Lane);
            _core.RunLast(ref settled);
        }
    }

    // Of messages that several consumers have just now, the last of an eighth of the lane frees all: a compare-exchange for each would be on everybody's
    // way. Who finishes the next will look; and a producer that wants room looks itself.
    private bool IsFreedByNext(QueueRecordState next, ulong position, ulong end) =>
        next == QueueRecordState.Taken && ((position ^ end) & ~((_capacity / QueueSettle.Pieces) - 1UL)) == 0;

    private QueueReceiveOutcome WaitAndReceive(out QueueLoan loan, Deadline deadline)
    {
        _use.BeginLook();
        try
        {
            return WaitAndTake(out loan, deadline);
        }
        finally
        {
            _use.EndLook();
        }
    }

    // Disposed meanwhile, it takes nothing more; who is disposed wakes all others, who may have been passed over for this.
    private QueueReceiveOutcome WaitAndTake(out QueueLoan loan, Deadline deadline)
    {
        LetOthersGetAhead();
        while (!LooksQuickly(out loan))
        {
            UntilDisposed<QueueArrival> wait = _use.Until(new QueueArrival(_shape, _tellsAlone, Waiters.Sleepers));
            Driver.Block(_segment, ref wait, deadline);
            QueueArrival arrival = wait.Operation;
            _mustPassOn |= arrival.MustPassOn;
            if (TryReceive(out loan))
            {
                break;
            }
            QueueReceiveOutcome outcome = OutcomeOf(arrival);
            if (outcome != QueueReceiveOutcome.Received || deadline.HasPassed)
            {
                PassOn();
                // Another was faster, and the time is up.
                return outcome == QueueReceiveOutcome.Received ? QueueReceiveOutcome.Empty : outcome;
            }
        }
        PassOn();
        return QueueReceiveOutcome.Received;
    }

    private void PassOn()
    {
        if (_mustPassOn)
        {
            _mustPassOn = false;
            QueuePassOn pass = new(_shape);
            _core.RunLast(ref pass);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool LooksQuickly(out QueueLoan loan)
    {
        for (int look = 0; look < s_firstLooks; look++)
        {
            if (TryReceive(out loan))
            {
                return true;
            }
        }
        return LooksOn(out loan);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool LooksOn(out QueueLoan loan)
    {
        bool isCrowded = _core.LooksForCrowd();
        int round = 0;
        while (s_canSpin && (isCrowded ? _core.Crowd.TryYield(ref round) : round++ < MoreLooks))
        {
            if (TryReceive(out loan))
            {
                return true;
            }
        }
        loan = default;
        return false;
    }

    // Who has caught up with a producer that sends one message after the other would take each line away from it: so there is a pause, in
    // which several
    // lines are written. Who has received little since it waited last wants the next message at once.
    private void LetOthersGetAhead()
    {
        ulong taken = 0;
        for (int lane = 0; lane < _lanes.Length && lane < LanesLooked; lane++)
        {
            taken += Volatile.Read(ref *_lanes[lane].Control);
        }
        if (s_canSpin && taken - _takenAtPause >= StreamBytes)
        {
            Thread.SpinWait(StreamPause);
        }
        _takenAtPause = taken;
    }

    private QueueReceiveOutcome OutcomeOf(in QueueArrival arrival) => arrival switch
    {
        { IsDamaged: true } => throw _core.Damaged("positions change as nobody changes them"),
        { HasArrived: true } => QueueReceiveOutcome.Received,
        { IsClosed: true } => QueueReceiveOutcome.Closed,
        { IsAlone: true } => QueueReceiveOutcome.NoProducer,
        _ => QueueReceiveOutcome.Empty,
    };
}

using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <content>How messages are taken: as the steps of <see cref="QueueTake"/>, <see cref="QueueClaim"/>, <see cref="QueueFinish"/> and
/// <see cref="QueueSettle"/>, where nothing is in the way.</content>
public sealed unsafe partial class QueueConsumer
{
    // Looks without a pause, before it waits as others do.
    private const int QuickLooks = 300;

    // So much is received without a wait in a stream; so long is the pause, in rounds of some 40 ns, when it has been read up.
    private const int StreamBytes = 512, StreamPause = 4, LanesLooked = 16;

    private static readonly bool s_canSpin = Environment.ProcessorCount > 1;

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
                turn = turn + 1 < producers ? turn + 1 : 0;
                if (_claims ? TryClaim(lane, out loan) : TryTake(lane, out loan) || (loan.Header != 0 && TryTakeSlowly(lane, out loan)))
                {
                    _turn = turn;
                    _segment.ThrowIfDisposed();
                    return true;
                }
            }
        }
        loan = default;
        return false;
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
        ulong header = isDone
            ? QueueHeader.With(loan.Header, QueueRecordState.Done, loan.Position)
            : QueueHeader.Returned(loan.Header, loan.Position);
        QueueSettle settle = new(_shape, loan.Lane, loan.Position, header);
        _core.RunLast(ref settle);
    }

    private QueueReceiveOutcome WaitAndReceive(out QueueLoan loan, Deadline deadline)
    {
        LetOthersGetAhead();
        while (true)
        {
            for (int look = 0; s_canSpin && look < QuickLooks; look++)
            {
                if (TryReceive(out loan))
                {
                    return QueueReceiveOutcome.Received;
                }
            }
            QueueArrival arrival = new(_shape, _tellsAlone, Waiters.Sleepers);
            Driver.Block(_segment, ref arrival, deadline);
            if (TryReceive(out loan))
            {
                return QueueReceiveOutcome.Received;
            }
            QueueReceiveOutcome outcome = OutcomeOf(arrival);
            if (outcome != QueueReceiveOutcome.Received || deadline.HasPassed)
            {
                // Another was faster, and the time is up.
                return outcome == QueueReceiveOutcome.Received ? QueueReceiveOutcome.Empty : outcome;
            }
        }
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

using Isthmus.Native;

namespace Isthmus;

/// <content>What happens when there is no room at once, and places that are written by their owner.</content>
public sealed unsafe partial class QueueProducer
{
    private static readonly bool s_canSpin = Environment.ProcessorCount > 1;

    private readonly bool _needsConsumers;
    private ulong _peersVersion = ulong.MaxValue;
    private bool _isAlone;

    /// <summary>Publishes a place that was written.</summary>
    /// <exception cref="InvalidOperationException">It is the copy of a reservation that was committed or disposed.</exception>
    /// <exception cref="ObjectDisposedException">The producer is disposed: its lanes may be another's already.</exception>
    internal QueueSendOutcome Commit(int priority, in Placement place)
    {
        ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        if (!_isReserved || place.Position < _lanes[priority].Tail)
        {
            throw new InvalidOperationException("It was committed or disposed.");
        }
        _isReserved = false;
        return Commit(ref _lanes[priority], place);
    }

    /// <summary>Forgets a place that was taken.</summary>
    internal void Abort(int priority)
    {
        _isReserved = false;
        // Whatever was written there.
        _lanes[priority].ZeroAt = ulong.MaxValue;
    }

    private QueueReservation Reserve(int length, int priority, Deadline deadline)
    {
        ref QueueLane lane = ref LaneOf(priority);
        byte* record = TryPlace(ref lane, length, out ulong position, out ulong end);
        if (record is not null)
        {
            _segment.ThrowIfDisposed();
            _isReserved = true;
            return new(this, new Placement { Record = record, Length = length, Position = position, End = end }, priority);
        }
        QueueSendOutcome outcome;
        Placement place;
        _use.Enter();
        try
        {
            outcome = PlaceSlowly(ref lane, length, deadline, out place);
        }
        finally
        {
            LeaveWait();
        }
        if (outcome != QueueSendOutcome.Sent)
        {
            return new(outcome);
        }
        _segment.ThrowIfDisposed();
        _isReserved = true;
        return new(this, place, priority);
    }

    // Sent: there is nothing against it.
    private QueueSendOutcome CheckPeers()
    {
        _segment.ThrowIfDisposed();
        if ((Volatile.Read(ref *_arrivals) & (QueueSignal.Closing | QueueSignal.Closed)) != 0)
        {
            return QueueSendOutcome.Closed;
        }
        if (!_needsConsumers)
        {
            return QueueSendOutcome.Sent;
        }
        ulong version = Volatile.Read(ref *_core.At(QueueShape.Peers));
        if (version != _peersVersion)
        {
            _isAlone = _core.Count(QueueRole.Consumer) == 0 && Volatile.Read(ref *_core.At(QueueShape.ConsumersInUse)) > 0;
            _peersVersion = version;
        }
        return _isAlone ? QueueSendOutcome.NoConsumer : QueueSendOutcome.Sent;
    }

    private QueueSendOutcome FindRoom(ref QueueLane lane, ulong until, Deadline deadline)
    {
        // What several consumers have finished is freed in pieces; who wants the room need not wait for the next.
        if (LooksFree(ref lane, until, until) || (_core.Shape.Claims && HasRoom(ref lane, until)))
        {
            return QueueSendOutcome.Sent;
        }
        return _core.WhenFull switch
        {
            QueueWhenFull.DropOldest => DropOldest(ref lane, until),
            QueueWhenFull.Wait when !deadline.HasPassed => WaitForRoom(ref lane, until, deadline),
            _ => HasRoom(ref lane, until) ? QueueSendOutcome.Sent : Refuse(lane),
        };
    }

    private bool LooksFree(ref QueueLane lane, ulong until, ulong wanted)
    {
        ulong freed = Volatile.Read(ref *lane.Freed);
        if (freed > lane.Tail)
        {
            _segment.ThrowIfDisposed();
            throw _core.Damaged("more of a lane is free than was written");
        }
        lane.Limit = Math.Max(lane.Limit, freed + _capacity);
        return freed >= until && freed >= wanted;
    }

    private QueueSendOutcome WaitForRoom(ref QueueLane lane, ulong until, Deadline deadline)
    {
        ulong wanted = Math.Min(lane.Tail, until + (_capacity / 8));
        bool isCrowded = _core.LooksForCrowd();
        int round = 0;
        while (s_canSpin && (isCrowded ? _core.Crowd.TryYield(ref round) : TryPause(ref round)))
        {
            if (LooksFree(ref lane, until, wanted))
            {
                return QueueSendOutcome.Sent;
            }
        }
        if (LooksFree(ref lane, until, until))
        {
            return QueueSendOutcome.Sent;
        }
        UntilDisposed<QueueRoom> wait = _use.Until(RoomOf(lane, until, Waiters.Sleepers));
        Driver.Block(_segment, ref wait, deadline);
        ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        return Found(ref lane, wait.Operation);
    }

    private static bool TryPause(ref int round)
    {
        Thread.SpinWait(PauseRounds);
        return round++ < RoomLooks;
    }

    private bool HasRoom(ref QueueLane lane, ulong until)
    {
        QueueRoom room = RoomOf(lane, until, Waiters.None);
        _core.Run(ref room);
        return Found(ref lane, room) == QueueSendOutcome.Sent;
    }

    private QueueRoom RoomOf(in QueueLane lane, ulong until, Waiters waiters) => new(_core.Shape, lane.Lane, until, _tellsAlone, waiters);

    private QueueSendOutcome Found(ref QueueLane lane, in QueueRoom room)
    {
        if (room.HasRoom)
        {
            lane.Limit = Math.Max(lane.Limit, Math.Min(room.Freed, lane.Tail) + _capacity);
            return QueueSendOutcome.Sent;
        }
        return room.IsClosed ? QueueSendOutcome.Closed : room.IsAlone ? QueueSendOutcome.NoConsumer : QueueSendOutcome.Full;
    }

    private QueueSendOutcome Found(int priority, in QueueRoom room) => Found(ref _lanes[priority], room);

    private QueueSendOutcome DropOldest(ref QueueLane lane, ulong until)
    {
        while (!HasRoom(ref lane, until))
        {
            QueueClaim claim = new(_core.Shape, lane.Lane, 0, drops: true);
            _core.Run(ref claim);
            if (claim.IsDamaged)
            {
                throw _core.Damaged("there is something else than messages in a lane");
            }
            if (!claim.IsTaken)
            {
                // Finished meanwhile, or all that is left is on loan.
                return HasRoom(ref lane, until) ? QueueSendOutcome.Sent : Refuse(lane);
            }
        }
        return QueueSendOutcome.Sent;
    }

    private QueueSendOutcome Refuse(in QueueLane lane)
    {
        if (_core.WhenFull is QueueWhenFull.Wait or QueueWhenFull.Fail)
        {
            return QueueSendOutcome.Full;
        }
        ulong* refused = _core.At(_core.Shape.Refused(lane.Lane));
        Volatile.Write(ref *refused, Volatile.Read(ref *refused) + 1);
        return QueueSendOutcome.Dropped;
    }

    private QueueRoom RoomFor(int priority, int length)
    {
        ref QueueLane lane = ref _lanes[priority];
        ulong until = PlacementOf(lane, length).End + QueueHeader.Size;
        return RoomOf(lane, until < _capacity ? 0 : until - _capacity, Waiters.Bells);
    }
}

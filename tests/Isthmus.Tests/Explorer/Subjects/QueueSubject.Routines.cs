namespace Isthmus.Tests.Explorer;

/// <content>What producers and consumers do.</content>
internal sealed partial class QueueSubject
{
    private Instruction Room => Run(
        me => new QueueRoom(_shape, LaneOf(me), Until(me[Tail]), tellsAlone: false, me.Waiters), (me, room) => HasRoom(me, room));

    private Instruction Look => Run(
        me => new QueueRoom(_shape, LaneOf(me), Until(me[Tail]), tellsAlone: false, Waiters.None),
        (me, room) =>
        {
            if (room.HasRoom)
            {
                // To the next of: drop, look, refuse; or refuse; that is to writing.
                me.Skip(me[Header] == 0 ? 3 : 1);
            }
            me[Header] = room.HasRoom ? 0UL : 1;
        });

    private Instruction Drop => Run(
        me => new QueueClaim(_shape, LaneOf(me), 0, drops: true), (me, claim) => me.Check(!claim.IsDamaged, "found the lane damaged"));

    // There was none to take back, or it stands behind what is on loan.
    private Instruction Refuse => Run(
        me => new Access(AccessKind.Store, _shape.Refused(LaneOf(me)), me.World.Ghost(Refused) + 1),
        (me, _) =>
        {
            me.World.Ghost(Refused)++;
            me[Header] = 0;
            me.Skip(2);
        });

    private Instruction Write => Run(
        me => new Access(AccessKind.Store, _shape.At(LaneOf(me), me[Tail] + QueueHeader.Size), NumberAt(me[Tail])));

    private Instruction WriteLate => Run(
        me => new Access(AccessKind.Store, _shape.At(LaneOf(me), me[Tail] - QueueHeader.Size), NumberAt(me[Tail] - RecordSize)));

    private Instruction Search => Run(
        me => new QueueTailSearch(_shape, LaneOf(me)),
        (me, search) =>
        {
            me.Check(!search.IsDamaged, "found no end");
            me[Tail] = search.Tail;
        });

    private Instruction StoppedArrival => Run(
        me => new Stopped<QueueArrival>(new QueueArrival(_shape, tellsAlone: false, me.Waiters)),
        (me, arrival) => me.World.Ghost(StoppedForEver) += arrival.IsStopped ? 1UL : 0);

    private Instruction StoppedPublish => Run(
        me => new Stopped<QueuePublish>(PublishOf(me), StepsToWake),
        (me, publish) =>
        {
            me.World.Ghost(StoppedForEver) += publish.IsStopped ? 1UL : 0;
            Published(me, isClosed: false);
        });

    private Instruction Claim(int lane) => Run(
        me => new QueueClaim(_shape, lane, QueueHeader.Owner(me.Slot, (uint)me.World.Crashes)), (me, claim) => WasClaimed(me, claim, lane));

    private Instruction Read => Run(
        me => new Access(AccessKind.Load, _shape.At(LoanLane(me), LoanPosition(me) + QueueHeader.Size), 0),
        (me, read) => me.Check(read.Found == NumberAt(LoanPosition(me)), $"read {read.Found} at {LoanPosition(me)}"));

    private Instruction Return => Run(
        me => new QueueSettle(_shape, LaneIn(me), me[Position], Given(me)),
        (me, _) => me.World.Ghost(Finished) += QueueHeader.IsRedelivered(me[Header]) ? 1UL : 0);

    private Instruction[] Receiving => _shape.Claims
        ? [Arrival, .. Enumerable.Range(0, _shape.Lanes).Select(Claim), PassOn, Read, Settle, CatchUp]
        : [Arrival, Take, Read, Finish];

    private static int OwnerOf(Actor me, int places, Func<int, int> word) =>
        Enumerable.Range(0, places).First(place => QueueOwner.SlotOf(me.World.Peek(word(place))) == me.Slot);

    private static ulong NumberAt(ulong position) => (position / RecordSize) + 1;

    private static Instruction Load(int word, int local) =>
        Instruction.Run(_ => new Access(AccessKind.Load, word, 0), (me, load) => me[local] = load.Found);

    private static void HasRoom(Actor me, QueueRoom room)
    {
        if (!room.HasRoom)
        {
            me.Check(me.IsWithdrawn || (room.IsClosed && me.World.Ghost(Closed) == 1), "gave up by itself");
            me.End();
        }
    }

    private Instruction[] Sending(int messages) =>
        [.. Enumerable.Range(0, messages).SelectMany(_ => PublishesFirst ? new[] { Room, Publish, WriteLate } : new[] { Room, Write, Publish })];

    private Instruction Join(QueueRole role) => Run(
        me => new QueueJoin(_shape, role, me.Slot),
        (me, join) =>
        {
            if (join.Place < 0)
            {
                me.End();
            }
        });

    private Instruction Leave(QueueRole role) => Run(
        me =>
        {
            int place = role == QueueRole.Producer ? LaneOf(me) : OwnerOf(me, _shape.Consumers, _shape.Consumer);
            return new QueueLeave(_shape, role, place, me.World.Peek(role == QueueRole.Producer ? _shape.Producer(place) : _shape.Consumer(place)));
        });

    private int LaneOf(Actor me) => OwnerOf(me, _shape.Producers, _shape.Producer);

    private ulong Until(ulong tail)
    {
        ulong end = tail + RecordSize + QueueHeader.Size;
        return end < (ulong)_shape.Capacity ? 0 : end - (ulong)_shape.Capacity;
    }

    private QueuePublish PublishOf(Actor me) => new(
        _shape, LaneOf(me), me[Tail], QueueHeader.Of(QueueRecordState.Published, me[Tail], Length), me[Tail] + RecordSize);

    private static void Published(Actor me, bool isClosed)
    {
        me.Check(!isClosed, "found it closed");
        me[Tail] += RecordSize;
        me.World.Ghost(Sent)++;
    }

    private void HasArrived(Actor me, QueueArrival arrival)
    {
        me.Check(!arrival.IsDamaged && !arrival.IsAlone, "was told of damage or loneliness");
        me[Lane] |= arrival.MustPassOn && !KeepsWakes ? MustPassOn : 0;
        if (arrival.HasArrived)
        {
            return;
        }
        me.Check(me.IsWithdrawn || arrival.IsClosed, "gave up by itself");
        bool isEmpty = _shape.Claims ? IsEmpty(me.World) : me.World.Peek(_shape.At(0, me[Position])) == 0;
        me.Check(!arrival.IsClosed || isEmpty, "was told of the end, and there is something left");
        if ((me[Lane] & MustPassOn) == 0)
        {
            me.End();
            return;
        }
        me[Lane] |= Ends;
        me.Skip(_shape.Lanes);
    }

    private static void PassedOn(Actor me)
    {
        bool ends = (me[Lane] & Ends) != 0;
        me[Lane] &= ~(MustPassOn | Ends);
        if (ends)
        {
            me.End();
        }
    }

    private static void WasTaken(Actor me, QueueTake take)
    {
        me.Check(!take.IsDamaged, "found the lane damaged");
        if (!take.IsTaken)
        {
            me.Check(false, "was told of a message that is not there");
            me.EndRound();
            return;
        }
        me.Check(take.Position == me[Position], "passed over a message");
        Receive(me, 0, take.Position, isRedelivered: false);
        me[Position] = take.Position + RecordSize;
    }

    private static void WasFinished(Actor me, ulong freed)
    {
        me[Freed] = freed;
        me.World.Ghost(Finished)++;
    }

    private void WasClaimed(Actor me, QueueClaim claim, int lane)
    {
        me.Check(!claim.IsDamaged, "found the lane damaged");
        if (claim.IsTaken)
        {
            Receive(me, lane, claim.Position, QueueHeader.IsRedelivered(claim.Header));
            ulong mustPassOn = me[Lane] & MustPassOn;
            (me[Position], me[Header], me[Lane]) = (claim.Position, claim.Header, (ulong)(uint)lane | mustPassOn);
            me.Skip(_shape.Lanes - 1 - lane + (mustPassOn != 0 ? 0 : 1));
        }
        else if (lane == _shape.Lanes - 1)
        {
            // Another was faster.
            me.EndRound();
        }
    }

    private static void Receive(Actor me, int lane, ulong position, bool isRedelivered)
    {
        ulong bit = 1UL << ((lane * BitsOfLane) + (int)(position / RecordSize));
        ref ulong received = ref me.World.Ghost(Received);
        me.Check(isRedelivered || (received & bit) == 0, "received a message twice");
        received |= bit;
    }

    private static ulong Done(Actor me) => QueueHeader.With(me[Header], QueueRecordState.Done, me[Position]);

    private static ulong Given(Actor me) => QueueHeader.IsRedelivered(me[Header]) ? Done(me) : QueueHeader.Returned(me[Header], me[Position]);

    private static int LaneIn(Actor me) => (int)(me[Lane] & 0xFF);

    // As if another message always followed those at even places.
    private static bool IsFreedByNext(Actor me) => me[Position] / RecordSize % 2 == 0;

    private int LoanLane(Actor me) => _shape.Claims ? LaneIn(me) : 0;

    private ulong LoanPosition(Actor me) => _shape.Claims ? me[Position] : me[Position] - RecordSize;
}

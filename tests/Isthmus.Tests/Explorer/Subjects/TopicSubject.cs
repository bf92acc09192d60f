namespace Isthmus.Tests.Explorer;

/// <summary>
/// A topic with one ring. Sample n has the length n + 1, and nothing else. Promises: what is taken is whole, and stays so while it is pinned; samples come
/// in order, and what is lost is counted; who blocks loses nothing; nobody waits for what is there; the next publisher goes on where a dead one was; the
/// dead hold nothing.
/// </summary>
internal sealed class TopicSubject : Subject
{
    // Ghosts: how many samples were published; the position after the last.
    private const int Count = 0;
    private const int End = 1;

    // Locals of a publisher: what it knows of its ring. Of a subscriber: how far it has come, its seat, what it has on loan.
    private const int Writer = 0;
    private const int Reader = 0;
    private const int Seat = 1;
    private const int OnLoan = 2;

    private const int Bits = 12;
    private const int First = 3 * StateLayout.WordsPerLine;

    private readonly TopicLayout _layout;
    private readonly bool _blocks;
    private readonly bool _stays;

    /// <param name="slots">Of the ring.</param>
    /// <param name="seats">How many subscribers there may be.</param>
    /// <param name="taken">Who has which seat from the beginning; the publisher is participant 0.</param>
    /// <param name="blocks">Whether subscribers block.</param>
    /// <param name="stays">Whether nobody comes or goes.</param>
    public TopicSubject(int slots, int seats, int taken, bool blocks, bool stays = false)
    {
        _blocks = blocks;
        _stays = stays;
        _layout = LayoutOf(slots, seats);
        Word(TopicLayout.News, "news", 0, Signal);
        Word(TopicLayout.Room, "room", 0, Signal);
        if (!stays)
        {
            Word(_layout.Owner(0), "ring", taken > 0 ? TopicOwner.Taken(0, 0, TopicOwnerState.Joining) : 0, Owner);
        }
        Word(_layout.Claim(0), "claim");
        for (ulong slot = 0; slot < (ulong)slots; slot++)
        {
            Word(_layout.Header(0, slot), $"header{slot}", 0, Header);
            Word(_layout.Number(0, slot), $"number{slot}");
            Word(_layout.Length(0, slot), $"length{slot}");
        }
        for (int seat = 0; seat < seats; seat++)
        {
            Word(_layout.Seat(seat), $"seat{seat}", seat < taken ? TopicOwner.Taken(0, seat + 1, Open) : 0, Owner);
            if (!stays)
            {
                Word(_layout.Lost(seat), $"lost{seat}", 0, lost => lost == TopicLayout.NotBegun ? "not begun" : $"{lost}");
            }
            if (blocks || !stays)
            {
                Word(_layout.Cursor(seat, 0), $"cursor{seat}");
            }
            Word(_layout.Pin(seat, 0), $"pin{seat}", 0, pin => pin == 0 ? "-" : $"{TopicPin.PositionOf(pin)}");
        }
    }

    public static Suite Suite
    {
        get
        {
            TopicSubject one = new(slots: 3, seats: 1, taken: 1, blocks: false), two = new(slots: 4, seats: 2, taken: 2, blocks: false, stays: true);
            return new Suite(
                "topic",
                Whole:
                [
                    new Scenario(one, [one.Publisher with { Rounds = 4 }], [one.Borrower with { Rounds = 2 }]) { HasSpuriousWakes = false },
                    new Scenario(one, [one.Publisher with { Rounds = 5 }], [one.Poller with { Rounds = 2 }]),
                    new Scenario(one, [one.Publisher with { Rounds = 5 }], [one.Copier with { Rounds = 2 }]),
                    new Scenario(one, [one.Publisher with { Rounds = 3 }], [one.Borrower]) { Crashes = 1, Occupant = one.Successor },
                    new Scenario(one, [one.Publisher], [one.Borrower with { Waiters = Waiters.Bells }]) { Crashes = 1 },
                ],
                Sampled:
                [
                    new Scenario(two, [two.Publisher with { Rounds = 8 }], [two.Borrower with { Rounds = 4 }], [two.Copier with { Rounds = 4 }]),
                    new Scenario(
                        one, [one.Publisher with { Rounds = 6 }], [one.Borrower with { Waiters = Waiters.Bells, Rounds = 4 }], [])
                    {
                        Crashes = 3, Occupant = one.Successor with { Rounds = 3 }, Spins = 1,
                    },
                    new Scenario(one, [one.Publisher with { Rounds = 8 }], [one.Poller with { Rounds = 6 }], [])
                    {
                        Crashes = 2, Occupant = one.Latecomer with { Rounds = 3 },
                    },
                ]);
        }
    }

    public static Suite BlockingSuite
    {
        get
        {
            TopicSubject one = new(slots: 3, seats: 1, taken: 1, blocks: true), two = new(slots: 4, seats: 2, taken: 2, blocks: true, stays: true);
            TopicSubject late = new(slots: 3, seats: 1, taken: 0, blocks: true);
            return new Suite(
                "blocking topic",
                Whole:
                [
                    new Scenario(one, [one.Publisher with { Rounds = 4 }], [one.Borrower with { Rounds = 2 }]) { HasSpuriousWakes = false },
                    new Scenario(one, [one.Publisher with { Rounds = 5 }], [one.Copier with { Rounds = 5 }]) { HasSpuriousWakes = false },
                    new Scenario(one, [one.Publisher with { Rounds = 3 }], [one.Copier]) { Crashes = 1 },
                    new Scenario(one, [one.Publisher with { Rounds = 3, Waiters = Waiters.Bells }], [one.Borrower]) { HasSpuriousWakes = false },
                    new Scenario(late, [late.Successor with { Rounds = 3 }], [late.Latecomer]) { HasSpuriousWakes = false },
                ],
                Sampled:
                [
                    new Scenario(two, [two.Publisher with { Rounds = 8 }], [two.Borrower with { Rounds = 8 }], [two.Copier with { Rounds = 8 }]),
                    new Scenario(
                        one,
                        [one.Publisher with { Rounds = 6, Waiters = Waiters.Bells }],
                        [one.Borrower with { Waiters = Waiters.Bells, Rounds = 4 }],
                        [])
                    {
                        Crashes = 3, Occupant = one.Successor with { Rounds = 3 }, Spins = 1,
                    },
                    new Scenario(one, [one.Publisher with { Rounds = 8 }], [one.Borrower with { Rounds = 6 }], [])
                    {
                        Crashes = 2, Occupant = one.Latecomer with { Rounds = 3 },
                    },
                ]);
        }
    }

    /// <summary>Who waits learns of those who come and go.</summary>
    public static Suite PeersSuite
    {
        get
        {
            TopicSubject one = new(slots: 3, seats: 1, taken: 1, blocks: false) { Ends = true };
            TopicSubject none = new(slots: 3, seats: 1, taken: 0, blocks: false) { Ends = true };
            return new Suite(
                "topic's peers",
                Whole:
                [
                    new Scenario(one, [one.Parting], [one.Listener with { Rounds = 2 }]) { HasSpuriousWakes = false },
                    new Scenario(one, [one.Publisher], [one.Listener with { Rounds = 2 }]) { Crashes = 1, HasSpuriousWakes = false },
                    new Scenario(one, [one.Parting], [one.Listener with { Rounds = 2, Waiters = Waiters.Bells }]) { HasSpuriousWakes = false },
                    new Scenario(none, [none.Awaiter], [none.Comer]) { HasSpuriousWakes = false },
                    new Scenario(none, [none.Awaiter with { Waiters = Waiters.Bells }], [none.Comer]) { Crashes = 1, HasSpuriousWakes = false },
                ],
                Sampled:
                [
                    new Scenario(one, [one.Parting with { Rounds = 1 }], [one.Listener with { Rounds = 3 }], []) { Crashes = 2, Spins = 1 },
                    new Scenario(none, [none.Awaiter], [none.Comer], [none.Comer]) { Crashes = 2, Spins = 1 },
                ]);
        }
    }

    public override int Ghosts => 2;

    /// <summary>Whether subscribers' waits end with the publishers.</summary>
    public bool Ends { get; init; }

    /// <summary>What is wrong with all of it.</summary>
    public TopicFault Fault { get; init; }

    public override Instruction Recovery
    {
        get => Run(me => new TopicRecovery(_layout, me.Victim, me.IsProven));
        init => throw new NotSupportedException();
    }

    /// <summary>Publishes.</summary>
    public Routine Publisher => new("publisher", Reserve, Commit);

    /// <summary>Takes the place of a publisher that is not there any more, and publishes.</summary>
    public Routine Successor => new("successor", Advertise, FindEnd, Reserve, Commit);

    /// <summary>Waits for a sample unless it gives up, reads it where it stands, gives it back.</summary>
    public Routine Borrower => new("borrower", Await.Timed(), Take, Look, Release);

    /// <summary>The same, if there is a sample.</summary>
    public Routine Poller => new("poller", Take, Look, Release);

    /// <summary>Waits for a sample unless it gives up, and copies it.</summary>
    public Routine Copier => new("copier", Await.Timed(), Copy);

    /// <summary>Publishes once, and leaves.</summary>
    public Routine Parting => new("parting", Reserve, Commit, Leave);

    /// <summary>Leaves.</summary>
    public Routine Leaver => new("leaver", Leave);

    /// <summary>Waits for a sample, or the end, and copies it.</summary>
    public Routine Listener => new("listener", Await, Copy);

    /// <summary>Subscribes.</summary>
    public Routine Comer => new("comer", [.. JoinInOrder, Begin]);

    /// <summary>Waits until somebody subscribes, unless it gives up.</summary>
    public Routine Awaiter => new("awaiter", AwaitPeers.Timed());

    /// <summary>Subscribes, and then does as the borrower.</summary>
    public Routine Latecomer => new("latecomer", [.. JoinInOrder, Await.Timed(), Take, Look, Release]);

    private TopicOwnerState Open => _blocks ? TopicOwnerState.Blocks : TopicOwnerState.DropsOldest;

    private Instruction Reserve => Run(me => new TopicReserve(_layout, 0, WriterOf(me), me.Waiters), (me, reserve) =>
    {
        me.Check(!reserve.IsDamaged, "finds its ring damaged");
        me.Check(reserve.Writer.IsReady, "cannot publish");
        me[Writer] = Pack(reserve.Writer);
    });

    private Instruction Commit => Run(
        me => new TopicCommit(_layout, 0, WriterOf(me), (int)WriterOf(me).Number + 1), (me, commit) => me[Writer] = Pack(commit.Writer));

    private Instruction Advertise => Run(me => new TopicAdvertise(_layout, me.Slot), (me, advertise) =>
    {
        if (me[Seat] != 0)
        {
            me.Skip(1);
        }
        else if (advertise.Ring < 0)
        {
            me.End();
        }
        me[Seat] = 1;
    });

    private Instruction FindEnd => Run(me => new TopicFind(_layout, 0, 0), (me, find) =>
    {
        me.Check(!find.IsDamaged, "finds the ring damaged");
        me.Check(find.Reader.Number == me.World.Ghost(Count), $"goes on with number {find.Reader.Number} after {me.World.Ghost(Count)}");
        TopicReader end = find.Reader;
        me[Writer] = Pack(new TopicWriter
        {
            Head = end.Position,
            Limit = end.Position,
            Claimed = find.Claim,
            Number = Fault == TopicFault.NumbersAnew ? 0 : end.Number,
        });
    });

    private Instruction Await => Run(
        me => new TopicAwait<TopicReaderOf>(_layout, new TopicReaderOf(ReaderOf(me).Position), me.Waiters, Ends), (me, wait) =>
        {
            me.Check(wait.IsReady || me.IsWithdrawn || wait.HasEnded, "gave up by itself");
            me.Check(!wait.HasEnded || !HasPublisher(me.World), "ends although somebody publishes");
            me.Check(!wait.HasEnded || ReaderOf(me).Position >= me.World.Ghost(End), "ends before it has received all");
            if (!wait.IsReady)
            {
                me.EndRound();
            }
        });

    private Instruction Leave => Run(
        me => new TopicLeave(_layout.Owner(0), TopicOwner.Taken(0, me.Slot, TopicOwnerState.Joining), TopicLayout.News));

    private Instruction Begin => Run(me => new TopicBegin(_layout, SeatOf(me)));

    private Instruction AwaitPeers => Run(
        me => new TopicAwaitPeers(_layout, subscribers: true, 1, me.Waiters),
        (me, wait) => me.Check(wait.Count >= 1 || me.IsWithdrawn, "gave up by itself"));

    private Instruction Take => Run(me => new TopicTake(_layout, 0, SeatOf(me), 0, ReaderOf(me), _blocks), (me, take) =>
    {
        Took(me, take);
        me[OnLoan] = take.Position + 1;
        me.Skip(take.Taken ? 0 : 2);
    });

    private Instruction Copy => Run(me => new TopicTake(_layout, 0, SeatOf(me), -1, ReaderOf(me), _blocks), Took);

    private Instruction Look => Instruction.Run(
        me => new Glance(_layout.Length(0, me[OnLoan] - 1)), (me, glance) => me.Check(glance.Found == ReaderOf(me).Number, "its loan is overwritten"));

    private Instruction Release => Run(me => new TopicRelease(_layout, SeatOf(me), 0));

    // One that blocks takes its seat first: so it holds what it begins with.
    private Instruction[] JoinInOrder => Fault == TopicFault.LooksBeforeItHolds ? [Find, Sit, Advance] : [Sit, Find, Advance];

    private Instruction Sit => Run(me => new TopicSeat(_layout, me.Slot, _blocks), (me, seat) =>
    {
        if (me[Seat] != 0)
        {
            me.Skip(2);
            return;
        }
        if (seat.Seat < 0)
        {
            me.End();
        }
        me[Seat] = (ulong)seat.Seat + 1;
    });

    private Instruction Find => Run(me => new TopicFind(_layout, 0, 1), (me, find) =>
    {
        me.Check(!find.IsDamaged, "finds the ring damaged");
        me[Reader] = Pack(find.Reader);
        me.Skip(_blocks ? 0 : 1);
    });

    private Instruction Advance => Run(me => new TopicAdvance(_layout, SeatOf(me), 0, ReaderOf(me).Position));

    // What a killed publisher has stored arrives at once.
    public override void CheckAlways(World world)
    {
        for (ulong next = world.Ghost(End); next < world.Ghost(End) + (ulong)_layout.Slots; next++)
        {
            if (world.Peek(_layout.Header(0, next)) == TopicHeader.Published(next))
            {
                ulong number = world.Peek(_layout.Number(0, next));
                if (number != world.Ghost(Count))
                {
                    world.Fail($"sample {number} comes after {world.Ghost(Count)} others");
                }
                world.Ghost(Count)++;
                world.Ghost(End) = next + 1;
            }
        }
    }

    public override bool MayRest(Actor sleeper)
    {
        World world = sleeper.World;
        if (Ends)
        {
            return world.Thread(sleeper.Thread).Word == TopicLayout.News
                ? HasPublisher(world) && ReaderOf(sleeper).Position >= world.Ghost(End)
                : !HasSubscriber(world);
        }
        return world.Thread(sleeper.Thread).Word == 0 ? ReaderOf(sleeper).Position >= world.Ghost(End) : Enumerable.Range(0, _layout.Subscribers).Any(seat =>
            TopicOwner.StateOf(world.Peek(_layout.Seat(seat))) == TopicOwnerState.Blocks
            && world.Peek(_layout.Cursor(seat, 0)) + (ulong)_layout.Slots <= world.Ghost(End) + (ulong)_layout.Subscribers);
    }

    public override void CheckAtRest(World world)
    {
        if (_stays)
        {
            return;
        }
        IEnumerable<int> owners = [_layout.Owner(0), .. Enumerable.Range(0, _layout.Subscribers).Select(_layout.Seat)];
        if (owners.Select(world.Peek).Any(owner => !TopicOwner.IsFree(owner) && !world.IsAlive(TopicOwner.SlotOf(owner))))
        {
            world.Fail("in the end somebody dead has a place");
        }
    }

    private static TopicLayout LayoutOf(int slots, int seats)
    {
        const int RingWords = 2, SlotWords = 3;
        int seatWords = TopicLayout.SeatWords(1, 1);
        return new()
        {
            Publishers = 1,
            Subscribers = seats,
            Pins = 1,
            Slots = slots,
            Group = 1,
            Window = 1 + seats,
            Buffer = 1,
            FirstRing = First,
            RingStride = RingWords,
            FirstSlot = First + RingWords,
            SlotStride = SlotWords,
            FirstSeat = First + RingWords + (slots * SlotWords),
            SeatStride = seatWords,
        };
    }

    private bool HasPublisher(World world) => !TopicOwner.IsFree(world.Peek(_layout.Owner(0)));

    private bool HasSubscriber(World world) => Enumerable.Range(0, _layout.Subscribers).Any(seat =>
        TopicOwner.StateOf(world.Peek(_layout.Seat(seat))) == Open && world.Peek(_layout.Lost(seat)) != TopicLayout.NotBegun);

    private Instruction Run<T>(Func<Actor, T> make, Action<Actor, T>? then = null)
        where T : unmanaged, IOperation => Instruction.Run(
            me => new FaultyTopic<T>(make(me), Fault, _layout), (me, done) => then?.Invoke(me, done.Operation));

    private void Took(Actor me, TopicTake take)
    {
        me.Check(!take.IsDamaged, "finds the ring damaged");
        me[Reader] = Pack(take.Reader);
        if (take.Taken)
        {
            me.Check(take.Length == take.Reader.Number, $"took {take.Length} for sample {take.Reader.Number - 1}");
            me.Check(take.Reader.Number <= me.World.Ghost(Count), "took what was not published");
            me.Check(!_blocks || take.Lost == 0, "blocks, and has lost samples");
        }
    }

    private static int SeatOf(Actor me) => me[Seat] != 0 ? (int)me[Seat] - 1 : me.Slot - 1;

    private static TopicReader ReaderOf(Actor me) => new() { Position = Get(me[Reader], 0), Number = Get(me[Reader], 1) };

    private static ulong Pack(TopicReader reader) => Pack(reader.Position, reader.Number);

    private static TopicWriter WriterOf(Actor me) => new()
    {
        Head = Get(me[Writer], 0),
        Limit = Get(me[Writer], 1),
        Claimed = Get(me[Writer], 2),
        Number = Get(me[Writer], 3),
        Pinned = Get(me[Writer], 4),
    };

    private static ulong Pack(TopicWriter writer) => Pack(writer.Head, writer.Limit, writer.Claimed, writer.Number, writer.Pinned);

    private static ulong Get(ulong packed, int index) => (packed >> (Bits * index)) & ((1UL << Bits) - 1);

    private static ulong Pack(params ReadOnlySpan<ulong> values)
    {
        ulong packed = 0;
        for (int index = 0; index < values.Length; index++)
        {
            packed |= values[index] << (Bits * index);
        }
        return packed;
    }

    private static string Signal(ulong word) => $"#{word >> 32}.{word & 0x3FFF_FFFF} {WaiterFlags.Of(word)}";

    private static string Owner(ulong word) => TopicOwner.IsFree(word) ? "free" : $"p{TopicOwner.SlotOf(word)} {TopicOwner.StateOf(word)}";

    private static string Header(ulong word)
    {
        ulong position = TopicHeader.PositionOf(word);
        return word == 0 ? "-" : $"{position} {(word == TopicHeader.Published(position) ? "published" : "skipped")}";
    }
}

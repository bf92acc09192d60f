namespace Isthmus.Tests.Explorer;

/// <summary>
/// A stream whose bytes are words, with rings of two: byte n (from 0) of each direction is n + 1. Promises: what is read is what was written, all of it
/// and in its order; nobody waits while there is something to read, room to write, or nobody to wait for; an end whose owner lives is not called dead.
/// </summary>
internal sealed class StreamSubject : Subject
{
    /// <summary>How many bytes a ring has.</summary>
    public const int Capacity = 2;

    // Where the rings stand here.
    private const int Rings = 5 * StateLayout.WordsPerLine;

    // Locals of a thread: its position; what it waits for, and in which direction.
    private const int Position = 0;
    private const int Waiting = 1;
    private const ulong ForPeer = 0;
    private const ulong ForRoom = 1;
    private const ulong ForBytes = 2;
    private const ulong OtherDirection = 4;

    // Ghosts: for each end, whether its owner died.
    private const int HasDied = 0;

    public StreamSubject(bool isOpen = true, bool isDuplex = false, bool isPrepared = false)
    {
        Word(StreamWord.End(0), "first", isPrepared ? 0 : StreamEndWord.OpenedBy(0), ShowEnd);
        Word(StreamWord.End(1), "second", isOpen ? StreamEndWord.OpenedBy(1) : 0, ShowEnd);
        for (int direction = 0; direction < 2; direction++)
        {
            Word(StreamWord.ReaderWait(direction), $"readerWait{direction}", 0, ShowWait);
            Word(StreamWord.WriterWait(direction), $"writerWait{direction}", 0, ShowWait);
            Word(StreamWord.WriterWant(direction), $"writerWant{direction}");
            if (direction == 1 && !isDuplex)
            {
                break;
            }
            Word(StreamWord.Written(direction), $"written{direction}", 0, ShowWritten);
            Word(StreamWord.Read(direction), $"read{direction}");
            for (int at = 0; at < Capacity; at++)
            {
                Word(ByteWord(direction, (ulong)at), $"byte{direction}.{at}");
            }
        }
    }

    public static Suite Suite
    {
        get
        {
            StreamSubject open = new(), awaited = new(isOpen: false), prepared = new(isOpen: false, isPrepared: true), duplex = new(isDuplex: true);
            Routine writer = open.Writer() with { Rounds = 3 }, reader = open.Reader() with { Rounds = 3 };
            Routine bells = reader with { Waiters = Waiters.Bells };
            Routine finisher = open.Finisher() with { Rounds = 2 };
            return new Suite(
                "stream",
                Whole:
                [
                    new Scenario(open, [open.Writer() with { Rounds = 2 }], [open.Reader() with { Rounds = 2 }]) { Crashes = 1 },
                    new Scenario(open, [writer], [reader]) { HasSpuriousWakes = false },
                    new Scenario(open, [open.Writer()], [bells]) { Crashes = 1 },
                    new Scenario(open, [finisher], [reader]) { HasSpuriousWakes = false },
                    new Scenario(open, [open.Closer()], [open.Reader() with { Rounds = 2 }]) { HasSpuriousWakes = false },
                    new Scenario(open, [open.Bulk() with { Rounds = 2 }], [open.Reader() with { Rounds = 4 }]) { HasSpuriousWakes = false },
                    new Scenario(open, [open.Bulk() with { Rounds = 2 }], [open.Reader() with { Rounds = 2 }]) { Crashes = 1, HasSpuriousWakes = false },
                    new Scenario(awaited, [awaited.Host], []) { Occupant = awaited.Opener, Crashes = 1 },
                    new Scenario(duplex, [duplex.Writer(), duplex.Reader(1)], [duplex.Reader(), duplex.Writer(1)]) { HasSpuriousWakes = false },
                    new Scenario(awaited, [], [OpenerOnly], [OpenerOnly]),
                    new Scenario(prepared, [OpenerOnly], [OpenerOnly], [OpenerOnly]) { Crashes = 1 },
                ],
                Sampled:
                [
                    new Scenario(open, [writer with { Rounds = 5 }], [reader with { Rounds = 5 }], []) { Crashes = 1, Occupant = OpenerOnly, Spins = 1 },
                    new Scenario(
                        duplex,
                        [duplex.Writer() with { Rounds = 4 }, duplex.Reader(1) with { Rounds = 4, Waiters = Waiters.Bells }],
                        [duplex.Reader() with { Rounds = 4, Waiters = Waiters.Bells }, duplex.Writer(1) with { Rounds = 4 }])
                    {
                        Crashes = 1,
                    },
                    new Scenario(
                        duplex,
                        [duplex.Bulk() with { Rounds = 3 }, duplex.Reader(1) with { Rounds = 6 }],
                        [duplex.Reader() with { Rounds = 6, Waiters = Waiters.Bells }, duplex.Bulk(1) with { Rounds = 3, Waiters = Waiters.Bells }])
                    {
                        Crashes = 1,
                    },
                    new Scenario(awaited, [awaited.Host with { Rounds = 3 }], [], []) { Occupant = awaited.Opener, Crashes = 2 },
                ])
            {
                StatesMax = 500_000,
            };
        }
    }

    public Instruction AwaitRoom(int direction = 0, ulong room = 1) => AwaitRoomOf(direction, room).Timed();

    public Func<StreamSide, ulong, ulong, Waiters, StreamAwait> MakeAwait { get; init; } =
        static (side, blocked, wanted, waiters) => new(side, blocked, wanted, waiters);

    public override int Ghosts => 2;

    public override Instruction Recovery { get; init; } = Instruction.Run(me => new StreamRecovery(me.Victim, me.IsProven));

    /// <summary>In place of the wait for something to read.</summary>
    public Instruction? AwaitBytes { get; init; }

    /// <summary>In place of the publication of what was written.</summary>
    public Instruction? Publish { get; init; }

    /// <summary>In place of the publication of what was read.</summary>
    public Instruction? FreeByte { get; init; }

    /// <summary>Publishes, then writes.</summary>
    public bool IsHasty { get; init; }

    /// <summary>Writes a byte.</summary>
    public Routine Writer(int direction = 0) => new("writer", [AwaitRoom(direction), .. Put(direction)]);

    /// <summary>Waits until there is room for two bytes, and writes them.</summary>
    public Routine Bulk(int direction = 0) => new("bulk", [AwaitRoom(direction, 2), .. Put(direction), .. Put(direction)]);

    /// <summary>Writes a byte and says that it was the last, or goes on.</summary>
    public Routine Finisher(int direction = 0) => new(
        "finisher",
        [
            AwaitRoom(direction), .. Put(direction),
            Instruction.Run(me => new StreamPublish(
                StreamSide.Writer(direction), me[Position] | (me[Position] < 2 ? 0 : StreamWord.Finished))),
        ]);

    /// <summary>Writes a byte and gives its end back.</summary>
    public Routine Closer(int direction = 0) => new(
        "closer", [AwaitRoom(direction), .. Put(direction), Instruction.Run(_ => new StreamClose(direction))]);

    /// <summary>Reads a byte.</summary>
    public Routine Reader(int direction = 0) => new("reader", [AwaitSome(direction).Timed(), Take(direction), Free(direction)]);

    /// <summary>Reads a byte, and does not give up.</summary>
    public Routine PatientReader(int direction = 0) => new("reader", [AwaitSome(direction), Take(direction), Free(direction)]);

    /// <summary>Waits for somebody at the second end, and writes him a byte.</summary>
    public Routine Host => new(
        "host",
        [
            Instruction.Run(
                me => ForPeerOf(me), (me, pass) => me.Check(pass.Passed || me.IsWithdrawn, "gave up by itself")).Timed(),
            AwaitRoom(), .. Put(0),
        ]);

    /// <summary>Takes the second end, or finds it taken.</summary>
    public static Routine OpenerOnly => new("opener", Claim);

    /// <summary>Takes the second end, and reads a byte.</summary>
    public Routine Opener => new("opener", Claim, AwaitSome(0).Timed(), Take(0), Free(0));

    private static Instruction Claim => Instruction.Run(
        me => new StreamClaim(me.Slot), (me, claim) => Claimed(me, claim.End));

    public override void CheckAlways(World world)
    {
        for (int end = 0; end < StreamWord.Ends; end++)
        {
            if (StreamEndWord.StateOf(world.Peek(StreamWord.End(end))) == SharedStreamEnd.Died && world.Ghost(HasDied + end) == 0)
            {
                world.Fail($"end {end} is called dead, and its owner lives");
            }
        }
    }

    public override void CheckAtRest(World world)
    {
        for (int end = 0; end < StreamWord.Ends; end++)
        {
            if (StreamEndWord.StateOf(world.Peek(StreamWord.End(end))) == SharedStreamEnd.Open && world.Ghost(HasDied + end) != 0)
            {
                world.Fail($"end {end} is called open, and its owner is dead");
            }
        }
    }

    public override void Crashed(World world, int slot)
    {
        for (int end = 0; end < StreamWord.Ends; end++)
        {
            if (StreamEndWord.IsOpenAt(world.Peek(StreamWord.End(end)), slot))
            {
                world.Ghost(HasDied + end) = 1;
            }
        }
    }

    // While the other end lives, and has not moved.
    public override bool MayRest(Actor sleeper)
    {
        World world = sleeper.World;
        if (sleeper[Waiting] == ForPeer)
        {
            return StreamEndWord.StateOf(world.Peek(StreamWord.End(1))) == SharedStreamEnd.Awaited;
        }
        int direction = (sleeper[Waiting] & OtherDirection) == 0 ? 0 : 1;
        bool reads = (sleeper[Waiting] & ForBytes) != 0;
        int other = reads ? direction : 1 - direction;
        bool hasMoved = reads
            ? world.Peek(StreamWord.Written(direction)) != sleeper[Position]
            : StreamWord.IsAtLeast(world.Peek(StreamWord.Read(direction)), world.Peek(StreamWord.WriterWant(direction)));
        return !hasMoved && world.Ghost(HasDied + other) == 0 && !StreamEndWord.IsGone(world.Peek(StreamWord.End(other)));
    }

    /// <summary>The wait for something to read, where it is replaced.</summary>
    public static StreamSide Reads(Actor me, int direction)
    {
        me[Waiting] = ForBytes | (direction == 0 ? 0 : OtherDirection);
        return StreamSide.Reader(1 - direction);
    }

    public static void CameToRead(Actor me, bool hasMoved, bool isOver, ulong seen, int direction)
    {
        if (isOver)
        {
            ulong written = StreamWord.PositionOf(me.World.Peek(StreamWord.Written(direction)));
            me.Check(written == me[Position], $"came to the end at {me[Position]} of {written}");
            me.End();
        }
        else if (!hasMoved)
        {
            me.Check(me.IsWithdrawn, "gave up by itself");
            me.End();
        }
        else if (StreamWord.PositionOf(seen) == me[Position])
        {
            me.Check((seen & StreamWord.Finished) != 0, "goes on with nothing to read");
            me.End();
        }
    }

    private static PassGate<StreamPeerGate> ForPeerOf(Actor me)
    {
        me[Waiting] = ForPeer;
        return new(default, me.Waiters);
    }

    private static StreamSide Writes(Actor me, int direction)
    {
        me[Waiting] = ForRoom | (direction == 0 ? 0 : OtherDirection);
        return StreamSide.Writer(direction);
    }

    private static int ByteWord(int direction, ulong position) => Rings + (direction * Capacity) + (int)(position % Capacity);

    private Instruction AwaitRoomOf(int direction, ulong room) => Instruction.Run(
        me => MakeAwait(Writes(me, direction), me[Position] - Capacity, me[Position] + room - Capacity, me.Waiters),
        (me, wait) =>
        {
            if (wait.IsOver || !wait.HasMoved)
            {
                me.Check(wait.IsOver || me.IsWithdrawn, "gave up by itself");
                me.End();
            }
        });

    private Instruction AwaitSome(int direction) => AwaitBytes ?? Instruction.Run(
        me => MakeAwait(Reads(me, direction), me[Position], 0, me.Waiters),
        (me, wait) => CameToRead(me, wait.HasMoved, wait.IsOver, wait.Position, direction));

    private Instruction[] Put(int direction)
    {
        Instruction store = Instruction.Run(me => new Access(AccessKind.Store, ByteWord(direction, me[Position]), me[Position] + 1));
        Instruction publish = Publish ?? Instruction.Run(me => new StreamPublish(StreamSide.Writer(direction), me[Position] + 1));
        Instruction count = Instruction.Run(me => new Access(AccessKind.Slots, 0, 0), (me, _) => me[Position]++);
        return IsHasty ? [publish, store, count] : [store, publish, count];
    }

    private static Instruction Take(int direction) => Instruction.Run(
        me => new Access(AccessKind.Load, ByteWord(direction, me[Position]), 0),
        (me, load) => me.Check(load.Found == me[Position] + 1, $"read {load.Found} at {me[Position]}"));

    private Instruction Free(int direction) => FreeByte ?? Instruction.Run(
        me => new StreamPublish(StreamSide.Reader(1 - direction), me[Position] + 1), (me, _) => me[Position]++);

    private static void Claimed(Actor me, int end)
    {
        if (end < 0)
        {
            me.End();
            return;
        }
        me.Check(StreamEndWord.IsOpenAt(me.World.Peek(StreamWord.End(end)), me.Slot), "the end is not whose who was told so");
    }

    private static string ShowEnd(ulong word) => $"{StreamEndWord.StateOf(word)} {StreamEndWord.SlotOf(word)} {WaiterFlags.Of(word)}";

    private static string ShowWait(ulong word) => $"{(uint)WaiterFlags.Without(word)} {WaiterFlags.Of(word)}";

    private static string ShowWritten(ulong word) => $"{StreamWord.PositionOf(word)}{((word & StreamWord.Finished) != 0 ? " finished" : "")}";
}

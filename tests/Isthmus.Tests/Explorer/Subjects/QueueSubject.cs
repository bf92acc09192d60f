using System.Numerics;

namespace Isthmus.Tests.Explorer;

/// <summary>
/// The queue: small lanes, and messages of 8 bytes that say at which position they stand. Promises: what is received was sent, is whole, comes
/// in order, and comes
/// twice only when it is flagged so; who waits for a message or for room gets it; what the dead had taken is counted or comes again; in the end
/// all is free.
/// </summary>
internal sealed partial class QueueSubject : Subject
{
    private const int RecordSize = 16, Length = 8;

    // Ghosts: a bit for each message that was received; how many were sent, finished, refused; whether it was closed; how many consumers died; how many
    // of any kind were stopped for ever.
    private const int Received = 0, Sent = 1, Finished = 2, Refused = 3, Closed = 4, DeadConsumers = 5, StoppedForEver = 6;

    // Local of a producer: the tail of its lane. Of a consumer: the position of its next message (or of its loan), the loan's header, what is
    // freed (or the lane, with the bits below).
    private const int Tail = 0, Position = 0, Header = 1, Freed = 2, Lane = 2;

    private const int Control = StateLayout.WordsPerLine, Rings = 12 * StateLayout.WordsPerLine;
    private const int BitsOfLane = 32;

    // Of who publishes: the end, the header, the fence, the look, the raising.
    private const int StepsToWake = 5;

    // A consumer has left its flag, and must pass a wake on; it ends with that.
    private const ulong MustPassOn = 0x100, Ends = 0x200;

    private readonly QueueShape _shape;
    private readonly bool _joins;
    private readonly QueueFault? _planted;

    public QueueSubject(
        int producers = 1, int consumers = 1, int capacity = 32, bool acknowledges = false, bool dropsOldest = false, bool joins = false,
        QueueFault? planted = null)
    {
        _shape = new QueueShape(producers, 1, capacity, consumers, acknowledges, dropsOldest, Control, Rings);
        QueueShape shape = _shape;
        _joins = joins;
        _planted = planted;
        Recovery = Run(me => new QueueRecovery(shape, me.Victim, me.IsProven));
        Publish = Run(PublishOf, (me, publish) => Published(me, publish.IsClosed));
        Take = Run(me => new QueueTake(shape, 0, me[Position], me[Freed]), (me, take) => WasTaken(me, take));
        Finish = Run(
            me => new QueueFinish(shape, 0, me[Position] - RecordSize, me[Freed], me[Position]), (me, finish) => WasFinished(me, finish.Freed));
        Settle = Run(
            me => new QueueSettle(shape, LaneIn(me), me[Position], Done(me), IsFreedByNext(me)), (me, _) => me.World.Ghost(Finished)++);
        CatchUp = Run(me => QueueSettle.Stored(shape, LaneIn(me)));
        PassOn = Run(_ => new QueuePassOn(shape), (me, _) => PassedOn(me));
        Arrival = Run(me => new QueueArrival(shape, tellsAlone: false, me.Waiters), (me, arrival) => HasArrived(me, arrival));
        Word(QueueShape.Arrivals, "arrivals", 0, signal => $"{signal >> 28:x}:{signal & 0xFFFFFFF:x} {WaiterFlags.Of(signal)}");
        Word(QueueShape.Peers, "peers");
        Word(QueueShape.ProducersInUse, "producers in use", joins ? 0 : (ulong)producers);
        Word(QueueShape.ConsumersInUse, "consumers in use", joins ? 0 : (ulong)consumers);
        for (int place = 0; place < producers; place++)
        {
            Word(shape.Producer(place), $"producer{place}", joins ? 0 : QueueOwner.Take(0, place));
            DeclareLane(place);
        }
        for (int place = 0; place < consumers; place++)
        {
            Word(shape.Consumer(place), $"consumer{place}", joins ? 0 : QueueOwner.Take(0, producers + place));
        }
    }

    public override Instruction Recovery { get; init; }

    public Instruction Publish { get; init; }

    public Instruction Take { get; init; }

    public Instruction Finish { get; init; }

    public Instruction Settle { get; init; }

    public Instruction CatchUp { get; init; }

    public Instruction PassOn { get; init; }

    public Instruction Arrival { get; init; }

    /// <summary>A planted bug: who was woken passes nothing on.</summary>
    public bool KeepsWakes { get; init; }

    /// <summary>A planted bug: the message is written after its header.</summary>
    public bool PublishesFirst { get; init; }

    public override int Ghosts => 7;

    /// <summary>Sends so many messages, waiting for room.</summary>
    public Routine Producer(int messages) => new("producer", Sending(messages));

    /// <summary>Takes a producer's place, and sends.</summary>
    public Routine Newcomer(int messages) => new("producer", [Join(QueueRole.Producer), Search, .. Sending(messages)]);

    /// <summary>Sends so many messages, and takes others back when there is no room.</summary>
    public Routine Dropper(int messages) =>
        new("dropper", [.. Enumerable.Range(0, messages).SelectMany(_ => new[] { Look, Drop, Look, Refuse, Write, Publish })]);

    /// <summary>Sends one message and closes the queue.</summary>
    public Routine Closer => new(
        "closer", [.. Sending(1), Instruction.Run(_ => new QueueClose(_shape), (me, _) => me.World.Ghost(Closed) = 1)]);

    /// <summary>Receives for ever.</summary>
    public Routine Consumer => new("consumer", Receiving) { Rounds = 50 };

    /// <summary>Is stopped for ever when a wake has chosen it. A message may wait with it, as long as nobody sends another.</summary>
    public Routine StoppedConsumer => new("stopped", StoppedArrival);

    /// <summary>Sends a message and is stopped for ever when it has raised the signal and is going to wake.</summary>
    public Routine StoppedProducer => new("stopped", Room, Write, StoppedPublish);

    /// <summary>Receives one message, and is busy with it for ever.</summary>
    public Routine BusyConsumer => Consumer with { Rounds = 1 };

    /// <summary>Receives, and may give up waiting at any time.</summary>
    public Routine TimedConsumer => new("consumer", [Receiving[0].Timed(), .. Receiving[1..]]) { Rounds = 50 };

    /// <summary>Receives for ever, and gives back what was not given back before.</summary>
    public Routine Returner => new("consumer", [.. Receiving[..^2], Return]) { Rounds = 50 };

    /// <summary>Takes a consumer's place, receives some messages, and leaves.</summary>
    public Routine Joiner(int messages) => new(
        "consumer",
        [
            Join(QueueRole.Consumer), Load(_shape.Taken(0), Position), Load(_shape.Freed(0), Freed),
            .. Enumerable.Range(0, messages).SelectMany(_ => Receiving), Leave(QueueRole.Consumer),
        ]);

    private Instruction Run<T>(Func<Actor, T> make, Action<Actor, T>? then = null)
        where T : unmanaged, IOperation => _planted is { } planted && planted.Operation == typeof(T)
            ? Instruction.Run(me => new Faulty<T>(make(me), planted.Fault), (me, faulty) => then?.Invoke(me, faulty.Operation))
            : Instruction.Run(make, then);

    public override bool MayRest(Actor sleeper)
    {
        int word = sleeper.World.Thread(sleeper.Thread).Word;
        bool isConsumer = word == 0;
        return isConsumer ? Untaken(sleeper.World) <= sleeper.World.Ghost(StoppedForEver) : !HasRoomIn(sleeper.World, LaneOf(sleeper));
    }

    public override void Crashed(World world, int slot)
    {
        bool isConsumer = Enumerable.Range(0, _shape.Consumers).Any(place => QueueOwner.SlotOf(world.Peek(_shape.Consumer(place))) == slot);
        world.Ghost(DeadConsumers) += isConsumer ? 1UL : 0;
    }

    public override void CheckAtRest(World world)
    {
        ulong lost = 0;
        bool isEmpty = true;
        for (int lane = 0; lane < _shape.Lanes; lane++)
        {
            lost += QueueLosses.CountOf(world.Peek(_shape.Lost(lane)));
            ulong freed = world.Peek(_shape.Freed(lane)), taken = world.Peek(_shape.Taken(lane));
            bool isFree = world.Peek(_shape.At(lane, freed)) == 0;
            isEmpty &= isFree;
            if (isFree && freed != taken)
            {
                world.Fail($"lane {lane} has {freed} free and {taken} taken");
            }
        }
        CheckAccount(world, lost, isEmpty);
    }

    private void CheckAccount(World world, ulong lost, bool isEmpty)
    {
        ulong finished = world.Ghost(Finished), published = 0;
        for (int lane = 0; lane < _shape.Lanes; lane++)
        {
            published += isEmpty ? world.Peek(_shape.Freed(lane)) / RecordSize : 0;
        }
        bool dropsOldest = _shape.DropsOldest;
        ulong crashes = (ulong)world.Crashes;
        if (!dropsOldest && lost > (_shape.Acknowledges ? 0 : world.Ghost(DeadConsumers)))
        {
            world.Fail($"{lost} are lost");
        }
        // One who dies after its last effect has finished, and could not say so; or has sent.
        if (isEmpty && (published < finished + lost || published > finished + lost + crashes))
        {
            world.Fail($"of {published} published {finished} were finished and {lost} lost");
        }
        if (isEmpty && (published < world.Ghost(Sent) || published > world.Ghost(Sent) + crashes))
        {
            world.Fail($"{published} were published, and {world.Ghost(Sent)} sent");
        }
        // Who has joined leaves when it has enough.
        if (!isEmpty && !_joins && world.Crashes == 0 && world.Ghost(Finished) + world.Ghost(StoppedForEver) < world.Ghost(Sent))
        {
            world.Fail("something is left");
        }
    }

    // Of messages that nobody has given back.
    private ulong Untaken(World world)
    {
        ulong untaken = 0;
        for (int lane = 0; lane < _shape.Lanes; lane++)
        {
            ulong taken = world.Peek(_shape.Taken(lane)), position = taken;
            while (position < taken + (ulong)_shape.Capacity && world.Peek(_shape.At(lane, position)) != 0)
            {
                position += RecordSize;
            }
            untaken += (position - taken) / RecordSize;
        }
        return IsEmpty(world) ? 0 : Math.Max(untaken, 1);
    }

    private bool IsEmpty(World world)
    {
        for (int lane = 0; lane < _shape.Lanes; lane++)
        {
            ulong taken = world.Peek(_shape.Taken(lane));
            if (world.Peek(_shape.At(lane, taken)) != 0 || (_shape.Acknowledges && IsOffered(world, lane, taken)))
            {
                return false;
            }
        }
        return true;
    }

    private bool IsOffered(World world, int lane, ulong taken)
    {
        for (ulong position = world.Peek(_shape.Freed(lane)); position < taken; position += RecordSize)
        {
            if (QueueHeader.StateOf(world.Peek(_shape.At(lane, position))) == QueueRecordState.Published)
            {
                return true;
            }
        }
        return false;
    }

    private bool HasRoomIn(World world, int lane)
    {
        ulong freed = world.Peek(_shape.Freed(lane)), tail = freed;
        for (int records = 0; world.Peek(_shape.At(lane, tail)) != 0 && records < _shape.Capacity / RecordSize; records++)
        {
            tail += RecordSize;
        }
        return freed >= Until(tail);
    }

    private void DeclareLane(int lane)
    {
        Word(_shape.Room(lane), $"room{lane}", 0, signal => $"{signal >> 28:x}:{signal & 0xFFFFFFF:x} {WaiterFlags.Of(signal)}");
        if (_shape.DropsOldest)
        {
            Word(_shape.Refused(lane), $"refused{lane}");
        }
        Word(_shape.Taken(lane), $"taken{lane}");
        Word(_shape.Freed(lane), $"freed{lane}");
        Word(_shape.Lost(lane), $"lost{lane}", 0, word => $"{QueueLosses.CountOf(word)} at {(uint)word}");
        if (_shape.Acknowledges)
        {
            Word(_shape.Behind(lane), $"behind{lane}");
        }
        for (ulong position = 0; position < (ulong)_shape.Capacity; position += sizeof(ulong))
        {
            Word(_shape.At(lane, position), $"ring{lane}.{position}", 0, Show);
        }
    }

    private static string Show(ulong word) =>
        BitOperations.PopCount(word) < 3 ? $"{word:x}" : $"{QueueHeader.StateOf(word)}{(QueueHeader.IsRedelivered(word) ? "*" : "")} tag {word >> 31:x}";
}

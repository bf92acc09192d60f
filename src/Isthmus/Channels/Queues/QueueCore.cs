using System.Numerics;

namespace Isthmus;

/// <summary>An attachment to a queue: its segment, its shape, and where things are in this process.</summary>
internal sealed unsafe class QueueCore
{
    /// <summary>The most bytes that lanes may take together: their words are counted by 31 bits.</summary>
    public const long LanesMax = 8L * 1024 * 1024 * 1024;

    internal static readonly SegmentKind Kind = new(
        20,
        "queue",
        "line 0: arrivals {version:27 woken:1 closing:1 closed:1 waiters:2 | version:32}, peers, producers in use, consumers in use; "
            + "data: producers' words {slot+1:16 version:48}, consumers' words, for each lane (priority * producers + producer) "
            + "line 0: room, line 1: taken, freed, lost {count:32 | position/8:32}, behind, line 2: tail, refused; rings from the next 4096; "
            + "record: header {length:27 state:3 redelivered:1 tag:33}, payload, to 8; "
            + "config: producers, priorities, capacity, consumers, acknowledge, when full, element, its layout",
        Recover)
    {
        PublishesByStores = true,
        Observed = static header => ControlSizeOf(header.Config),
    };

    private const int Page = 4096;

    private readonly ulong* _words;
    private QueueCrowd _crowd;

    public QueueCore(Segment segment, Element element)
    {
        Segment = segment;
        if (TryShape(segment, out QueueShape shape) is { } wrong)
        {
            throw Damaged(wrong);
        }
        Shape = shape;
        WhenFull = (QueueWhenFull)segment.Config(5);
        Element found = new((int)segment.Config(6), segment.Config(7));
        if (!found.IsLike(element))
        {
            throw new InvalidDataException($"{segment} has {found.Unlike(element, "messages")}.");
        }
        _words = (ulong*)segment.State;
        Owner = QueueHeader.Owner(segment.Slot, segment.Roster.Generation(segment.Slot));
    }

    public Segment Segment { get; }

    public QueueShape Shape { get; }

    public QueueWhenFull WhenFull { get; }

    /// <summary>How this attachment is named in the headers of the messages that it has taken.</summary>
    public ulong Owner { get; }

    /// <summary>Whether somebody has closed it, or begun to.</summary>
    public bool IsCompleted
    {
        get
        {
            ulong word = Segment.Memory.Load(QueueShape.Arrivals);
            Segment.ThrowIfDisposed();
            return (word & (QueueSignal.Closing | QueueSignal.Closed)) != 0;
        }
    }

    /// <summary>Where a word is.</summary>
    public ulong* At(int word) => _words + word;

    /// <summary>Makes a queue's segment, or opens it.</summary>
    /// <param name="name">Null for an unnamed one.</param>
    /// <param name="options">How.</param>
    /// <param name="element">What its messages are, when all are alike.</param>
    /// <param name="mayExist">Whether one that exists is opened.</param>
    public static Segment Make(string? name, SharedQueueOptions options, Element element, bool mayExist)
    {
        long rings = (long)options.MaxProducers * options.Priorities * options.LaneCapacity;
        if (rings > LanesMax)
        {
            throw new ArgumentException(
                $"{options.MaxProducers} producers of {options.Priorities} priorities with {options.LaneCapacity} bytes each take {rings} bytes, and at most "
                    + $"{LanesMax} are possible: {CapacityThatFits(options)} bytes for each lane would fit.",
                nameof(options));
        }
        if (element.Size > (options.LaneCapacity / 2) - QueueHeader.Size)
        {
            throw new ArgumentException(
                $"Messages of {element.Size} bytes do not fit in lanes of {options.LaneCapacity}: they take at most half a lane, "
                    + $"{(options.LaneCapacity / 2) - QueueHeader.Size} bytes.",
                nameof(options));
        }
        ulong[] config =
        [
            (ulong)options.MaxProducers, (ulong)options.Priorities, (ulong)options.LaneCapacity, (ulong)options.MaxConsumers,
            options.Acknowledge ? 1UL : 0, (ulong)options.WhenFull, (ulong)element.Size, element.Layout,
        ];
        long size = RingsAt(options.MaxProducers, options.Priorities, options.MaxConsumers) + rings;
        return mayExist
            ? Segment.OpenOrCreate(Kind, name!, options, [], config, size)
            : Segment.Create(Kind, name, options, [], config, size);
    }

    /// <summary>Refuses one that exists already and was made differently.</summary>
    public static void Require(SharedObject found, QueueCore has, SharedQueueOptions wanted)
    {
        SegmentSetup.Require(found, has.Shape.Acknowledges, wanted.Acknowledge, nameof(SharedQueueOptions.Acknowledge));
        SegmentSetup.Require(found, has.WhenFull, wanted.WhenFull, nameof(SharedQueueOptions.WhenFull));
        SegmentSetup.Require(found, has.Shape.Producers, wanted.MaxProducers, nameof(SharedQueueOptions.MaxProducers));
        SegmentSetup.Require(found, has.Shape.Consumers, wanted.MaxConsumers, nameof(SharedQueueOptions.MaxConsumers));
        SegmentSetup.Require(found, has.Shape.Priorities, wanted.Priorities, nameof(SharedQueueOptions.Priorities));
        SegmentSetup.Require(found, has.Shape.Capacity, wanted.LaneCapacity, nameof(SharedQueueOptions.LaneCapacity));
    }

    // A power of two, as a capacity is.
    private static long CapacityThatFits(SharedQueueOptions options) =>
        1L << BitOperations.Log2((ulong)(LanesMax / options.MaxProducers / options.Priorities));

    /// <summary>How waits of a crowd have gone.</summary>
    public ref QueueCrowd Crowd => ref _crowd;

    /// <summary>Before a wait: whether more take part than there are CPUs.</summary>
    public bool LooksForCrowd()
    {
        bool isCrowded = Volatile.Read(ref *At(QueueShape.ProducersInUse)) + Volatile.Read(ref *At(QueueShape.ConsumersInUse))
            > (ulong)Environment.ProcessorCount;
        Segment.IsCrowded = isCrowded;
        return isCrowded;
    }

    /// <summary>Runs an operation that does not wait, as long as it takes at most in a segment that is whole.</summary>
    /// <exception cref="InvalidDataException">It does not end.</exception>
    /// <exception cref="ObjectDisposedException">The attachment is disposed.</exception>
    public void Run<TOperation>(ref TOperation operation)
        where TOperation : struct, IOperation
    {
        SegmentMemory memory = Segment.Memory;
        bool ended = TryRun(ref memory, ref operation, StepsMax(Shape));
        Segment.ThrowIfDisposed();
        if (!ended)
        {
            throw Damaged("what is looked for in it does not end");
        }
    }

    /// <summary>Runs an operation that gives something back: in an attachment that is disposed, that was given back already.</summary>
    public void RunLast<TOperation>(ref TOperation operation)
        where TOperation : struct, IOperation
    {
        SegmentMemory memory = Segment.Memory;
        TryRun(ref memory, ref operation, StepsMax(Shape));
        GC.KeepAlive(this);
    }

    /// <summary>Takes a place; when all are taken, those of the dead first become free.</summary>
    /// <exception cref="PosixException"><c>EUSERS</c>: all are taken.</exception>
    public QueueJoin Join(QueueRole role)
    {
        QueueJoin join = new(Shape, role, Segment.Slot);
        Run(ref join);
        if (join.Place < 0)
        {
            Segment.LookForTheDead(always: true);
            join = new QueueJoin(Shape, role, Segment.Slot);
            Run(ref join);
        }
        bool isProducer = role == QueueRole.Producer;
        int places = isProducer ? Shape.Producers : Shape.Consumers;
        return join.Place >= 0 ? join : throw PosixException.From(
            Errno.EUSERS,
            isProducer ? "producer" : "consumer",
            Segment.Name,
            $"All its {places} places for {(isProducer ? "producers" : "consumers")} are taken; make it with more.");
    }

    /// <summary>Gives a place back, also in an attachment that is disposed already: then it was given back by that.</summary>
    public void Leave(QueueRole role, int place, ulong owned)
    {
        QueueLeave leave = new(Shape, role, place, owned);
        SegmentMemory memory = Segment.Memory;
        TryRun(ref memory, ref leave, StepsMax(Shape) * Shape.Lanes);
        GC.KeepAlive(this);
    }

    /// <summary>Wakes all who wait, of all kinds: one of those in this attachment has to see something else.</summary>
    public void WakeAll()
    {
        QueueTell tell = new(Shape, wakesAll: false);
        SegmentMemory memory = Segment.Memory;
        while (!tell.Step(ref memory))
        {
        }
        GC.KeepAlive(this);
    }

    /// <summary>How many producers or consumers there are.</summary>
    public int Count(QueueRole role)
    {
        int count = 0;
        for (int place = 0; place < (role == QueueRole.Producer ? Shape.Producers : Shape.Consumers); place++)
        {
            ulong word = Volatile.Read(ref *At(role == QueueRole.Producer ? Shape.Producer(place) : Shape.Consumer(place)));
            count += QueueOwner.IsFree(word) ? 0 : 1;
        }
        return count;
    }

    public InvalidDataException Damaged(string what) => new($"{Segment} is damaged: {what}.");

    // Every record of a lane, several times over.
    private static long StepsMax(in QueueShape shape) => 100_000 + ((long)shape.Lanes * 256) + (4L * shape.Capacity);

    private static bool TryRun<TOperation>(ref SegmentMemory memory, ref TOperation operation, long stepsMax)
        where TOperation : struct, IOperation
    {
        while (operation.Step(ref memory).Kind != ProgressKind.Done)
        {
            if (--stepsMax == 0)
            {
                return false;
            }
        }
        return true;
    }

    // Of what is damaged, nothing can be repaired: whoever uses it finds out.
    private static void Recover(SegmentMemory memory, int slot, bool proven)
    {
        if (TryShape(memory.Segment, out QueueShape shape) is null)
        {
            QueueRecovery recovery = new(shape, slot, proven);
            TryRun(ref memory, ref recovery, StepsMax(shape) * shape.Lanes);
        }
    }

    /// <summary>The bytes of control lines, for whoever looks at a queue from outside; 0 when the setup is none.</summary>
    private static long ControlSizeOf(ReadOnlySpan<ulong> config) =>
        config[0] - 1 < SharedQueueOptions.ProducersMax && config[1] - 1 < SharedQueueOptions.PrioritiesMax && config[3] - 1 < SharedQueueOptions.ConsumersMax
            ? QueueShape.ControlSize((int)config[0], (int)config[1], (int)config[3])
            : 0;

    private static long RingsAt(int producers, int priorities, int consumers) =>
        (QueueShape.ControlSize(producers, priorities, consumers) + Page - 1) / Page * Page;

    /// <summary>What does not hold of the numbers that a queue was made with; null when all does.</summary>
    public static string? Check(Func<int, ulong> config)
    {
        ulong producers = config(0), priorities = config(1), capacity = config(2), consumers = config(3);
        if (producers - 1 >= SharedQueueOptions.ProducersMax || priorities - 1 >= SharedQueueOptions.PrioritiesMax
            || consumers - 1 >= SharedQueueOptions.ConsumersMax)
        {
            return $"it says that it is for {producers} producers, {consumers} consumers and {priorities} priorities";
        }
        if (capacity is < SharedQueueOptions.CapacityMin or > SharedQueueOptions.CapacityMax || !ulong.IsPow2(capacity))
        {
            return $"its lanes have {capacity} bytes";
        }
        bool hasRules = config(4) <= 1 && config(5) <= (ulong)QueueWhenFull.DropOldest && config(6) <= (capacity / 2) - QueueHeader.Size;
        return hasRules ? null : "its rules are none";
    }

    private static string? TryShape(Segment segment, out QueueShape shape)
    {
        shape = default;
        if (Check(segment.Config) is { } wrong)
        {
            return wrong;
        }
        int producers = (int)segment.Config(0), priorities = (int)segment.Config(1), capacity = (int)segment.Config(2);
        int consumers = (int)segment.Config(3);
        long rings = RingsAt(producers, priorities, consumers);
        if (rings + ((long)producers * priorities * capacity) > Math.Min(segment.DataSize, 2 * LanesMax))
        {
            return "there is no room in it for its lanes";
        }
        bool dropsOldest = (QueueWhenFull)segment.Config(5) == QueueWhenFull.DropOldest;
        shape = new QueueShape(
            producers, priorities, capacity, consumers, segment.Config(4) != 0, dropsOldest, segment.DataWord(0), segment.DataWord(rings));
        return null;
    }
}

using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// Samples for whoever wants them, in shared memory: publishers write each once, and all subscribers read it where it stands. To publish is a few stores,
/// and no system call while the subscribers are awake.
/// </summary>
/// <remarks>
/// <para>
/// Each publisher has a ring of its own. A subscriber that is slow loses the oldest samples and is told how many, or, if it wants that, makes the publisher
/// wait. Samples stay where they are when their publisher dies, and can be read on; a subscriber that dies gives back what it had on loan.
/// </para>
/// <para>
/// This object is thread-safe; a <see cref="Publisher"/> and a <see cref="Subscriber"/> are each for one thread at a time. Any number of them may be made
/// of one topic object, as far as there is room.
/// </para>
/// </remarks>
public sealed partial class Topic : SharedObject
{
    internal static readonly SegmentKind Kind = new(
        21,
        "topic",
        "line 0: news; line 1: room {version:30 waiters:2 | version:32}; line 2: rings in use; "
            + "lost of one that has not begun: -1; config: sample size, publishers, subscribers, loans, buffer, "
            + "history, element size, its layout; data: seats {owner, lost, cursors, pins}, rings {owner {state:2 slot:10 generation:52}, claim}, "
            + "samples {header {state:2 position:62}, number, length, bytes}; pin {used:1 ring:6 position:57}; needed = max(buffer, history) + subscribers * "
            + "(loans + 1) + 1, group = needed / 4 in 8 or 1 to 32, window = group + subscribers * (loans + 1) up to 64, slots = needed + 2 * group",
        Recover)
    {
        PublishesByStores = true,
    };

    private Topic(Segment segment)
        : base(segment)
    {
        if (!TopicSetup.TryRead(segment, out TopicSetup setup))
        {
            throw new InvalidDataException($"{segment} is damaged: nobody makes a topic like that.");
        }
        Setup = setup;
        Layout = setup.ToLayout(segment.DataWord(0));
    }

    /// <summary>The greatest size of a sample in bytes.</summary>
    public int MaxSampleSize => Setup.SampleSize;

    /// <summary>How many may publish at once.</summary>
    public int MaxPublishers => Setup.Publishers;

    /// <summary>How many may subscribe at once.</summary>
    public int MaxSubscribers => Setup.Subscribers;

    /// <summary>How many samples a subscriber may have on loan at once.</summary>
    public int MaxLoans => Setup.Loans;

    /// <summary>How many samples of each publisher a subscriber may be behind before it loses any, or blocks, at least.</summary>
    public int Buffer => Setup.Buffer;

    /// <summary>How many of the last samples of each publisher are kept for those who subscribe later.</summary>
    public int History => Setup.History;

    /// <summary>For how many samples each publisher has room.</summary>
    public int SlotsPerPublisher => Setup.Slots;

    internal TopicSetup Setup { get; }

    internal TopicLayout Layout { get; }

    /// <summary>Makes a topic with a name.</summary>
    /// <param name="name">1 to 200 of the characters A-Z a-z 0-9 . _ -, not starting with a dot.</param>
    /// <param name="options">For how many of what, who may use it, and where it is.</param>
    /// <exception cref="ArgumentException">It is no such name; or it needs more memory than a topic can have.</exception>
    /// <exception cref="PosixException"><c>EEXIST</c>: the name is taken; <c>ENOSPC</c>: <c>/dev/shm</c> is full.</exception>
    public static Topic Create(string name, TopicOptions? options = null) => Create(name, options, default);

    /// <summary>Opens a topic by its name.</summary>
    /// <inheritdoc cref="Create(string, TopicOptions?)"/>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>: there is no such object.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.</exception>
    /// <exception cref="InvalidDataException">What stands at the name is no topic of this format.</exception>
    public static Topic Open(string name, SharedObjectOptions? options = null) => Made(Segment.Open(Kind, name, options ?? new()));

    /// <summary>
    /// Opens it, or makes it when it does not exist. Any number of processes may do this at once: one of them makes it.
    /// </summary>
    /// <inheritdoc cref="Create(string, TopicOptions?)"/>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.</exception>
    /// <exception cref="InvalidDataException">What stands at the name is no topic of this format, or one that was made differently.</exception>
    public static Topic OpenOrCreate(string name, TopicOptions? options = null) => OpenOrCreate(name, options, default);

    /// <summary>Makes a topic without a name, to be handed on by <see cref="SharedObject.Share"/>.</summary>
    /// <inheritdoc cref="Create(string, TopicOptions?)"/>
    public static Topic CreateUnnamed(TopicOptions? options = null) => CreateUnnamed(options, default);

    /// <summary>Takes part in an unnamed topic that another process made.</summary>
    /// <param name="memory">What its <see cref="SharedObject.Share"/> gave; it may be disposed afterwards.</param>
    /// <exception cref="InvalidDataException">It is no topic of this format.</exception>
    public static Topic OpenUnnamed(SafeHandle memory) => Made(Segment.Open(Kind, memory));

    /// <summary>Looks at a topic without taking part in it.</summary>
    /// <inheritdoc cref="Open"/>
    public static TopicStatus GetStatus(string name, SharedObjectOptions? options = null)
    {
        options ??= new();
        using SafeFileHandle file = SegmentFile.Open(SegmentName.Of(name, options.Directory), options, MemoryAccess.Read);
        SegmentSnapshot snapshot = SegmentSnapshot.Take(Kind, file, name);
        long control = SegmentLayout.ControlSize(snapshot.Capacity);
        if (!TopicSetup.TryRead(snapshot.Config, snapshot.Size - control, out TopicSetup setup))
        {
            throw new InvalidDataException($"The topic '{name}' is damaged: nobody makes one like that.");
        }
        int first = (int)((control - SegmentLayout.State(snapshot.Capacity)) / sizeof(ulong));
        return new(snapshot, TopicWords.Of(file, snapshot.Capacity), setup, setup.ToLayout(first));
    }

    /// <summary>Looks at the topic without disturbing it.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public TopicStatus GetStatus() => new(Segment.TakeSnapshot(), new TopicWords(Segment.Memory.Load), Setup, Layout);

    /// <summary>How much memory a topic's samples and bookkeeping need, in bytes.</summary>
    /// <param name="options">How it would be made.</param>
    /// <exception cref="ArgumentException">More than a topic can have.</exception>
    public static long SizeOf(TopicOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return TopicSetup.Of(options).DataSize;
    }

    /// <summary>Begins to publish.</summary>
    /// <exception cref="PosixException"><c>EUSERS</c>: it has <see cref="MaxPublishers"/> already.</exception>
    /// <exception cref="InvalidDataException">Somebody has damaged the topic's memory.</exception>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public Publisher CreatePublisher()
    {
        TopicAdvertise advertise = Advertise();
        if (advertise.Ring < 0)
        {
            // Somebody who has died, and is not noticed yet, may have the last one.
            Segment.LookForTheDead(always: true);
            advertise = Advertise();
        }
        if (advertise.Ring < 0)
        {
            throw PosixException.From(
                Errno.EUSERS, "advertise", Name, $"The topic has all the {MaxPublishers} publishers that it was made for; make it with more MaxPublishers.");
        }
        Publisher publisher = new(this, advertise.Ring, advertise.Owner);
        TopicSignalAll tell = new(TopicLayout.News);
        Driver.Run(Segment, ref tell);
        return publisher;
    }

    /// <summary>Begins to receive: what is published from now on, and as much history as is asked for.</summary>
    /// <param name="options">How.</param>
    /// <exception cref="PosixException"><c>EUSERS</c>: it has <see cref="MaxSubscribers"/> already.</exception>
    /// <exception cref="InvalidDataException">Somebody has damaged the topic's memory.</exception>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public Subscriber CreateSubscriber(SubscriberOptions? options = null)
    {
        options ??= new();
        TopicSeat seat = Sit(options);
        if (seat.Seat < 0)
        {
            Segment.LookForTheDead(always: true);
            seat = Sit(options);
        }
        if (seat.Seat < 0)
        {
            throw PosixException.From(
                Errno.EUSERS, "subscribe", Name, $"The topic has all the {MaxSubscribers} subscribers that it was made for; make it with more MaxSubscribers.");
        }
        return new Subscriber(this, seat.Seat, seat.Owner, options);
    }

    internal static Topic Create(string name, TopicOptions? options, Element element)
    {
        ArgumentNullException.ThrowIfNull(name);
        TopicSetup setup = TopicSetup.Of(options ??= new(), element.Size);
        return Made(Segment.Create(Kind, name, options, [], setup.ToConfig(element.Layout), setup.DataSize));
    }

    internal static Topic OpenOrCreate(string name, TopicOptions? options, Element element)
    {
        TopicSetup setup = TopicSetup.Of(options ??= new(), element.Size);
        Topic made = Made(Segment.OpenOrCreate(Kind, name, options, [], setup.ToConfig(element.Layout), setup.DataSize));
        TopicSetup.Require(made, made.Setup, setup);
        return made;
    }

    internal static Topic CreateUnnamed(TopicOptions? options, Element element)
    {
        TopicSetup setup = TopicSetup.Of(options ??= new(), element.Size);
        return Made(Segment.Create(Kind, null, options, [], setup.ToConfig(element.Layout), setup.DataSize));
    }

    /// <summary>What its samples are, when all are alike.</summary>
    internal Element Element => new(Setup.ElementSize, Segment.Config(7));

    internal InvalidDataException Damaged() => new($"{Segment} is damaged: something stands in it that no publisher or subscriber writes.");

    private static Topic Made(Segment segment) => SegmentSetup.Make(segment, static segment => new Topic(segment));

    private static void Recover(SegmentMemory memory, int slot, bool proven)
    {
        // It may not have been looked at yet.
        if (TopicSetup.TryRead(memory.Segment, out TopicSetup setup))
        {
            TopicRecovery recovery = new(setup.ToLayout(memory.Segment.DataWord(0)), slot, proven);
            Driver.Run(ref memory, ref recovery);
        }
    }

    private TopicAdvertise Advertise()
    {
        TopicAdvertise advertise = new(Layout, Segment.Slot);
        Driver.Run(Segment, ref advertise);
        return advertise;
    }

    private TopicSeat Sit(SubscriberOptions options)
    {
        TopicSeat seat = new(Layout, Segment.Slot, options.Overflow == TopicOverflow.Block);
        Driver.Run(Segment, ref seat);
        return seat;
    }
}

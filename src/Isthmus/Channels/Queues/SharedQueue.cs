using System.Runtime.InteropServices;

namespace Isthmus;

/// <summary>
/// A queue of messages between processes, in shared memory: any number of bytes up to half a lane, written and read where they stand, at the
/// speed of the cache
/// line.
/// </summary>
/// <remarks>
/// <para>Each producer writes its own lane, so none ever waits for another, and one that dies in the middle of a message has sent nothing.
/// Consumers take
/// messages one by one, from all lanes.</para>
/// <para>Without <see cref="SharedQueueOptions.Acknowledge"/> each message is received at most once: what a consumer has taken and not finished
/// when it dies is
/// lost, and counted. With it, each is received at least once; what somebody may have seen before is flagged.</para>
/// </remarks>
public sealed partial class SharedQueue : SharedObject
{
    private readonly QueueCore _core;

    private SharedQueue(Segment segment)
        : base(segment) => _core = new QueueCore(segment, default);

    /// <summary>The longest message, in bytes: half a lane, less 8.</summary>
    public int MaxMessage => _core.Shape.LengthMax;

    /// <summary>How many producers there may be at once.</summary>
    public int MaxProducers => _core.Shape.Producers;

    /// <summary>How many consumers there may be at once.</summary>
    public int MaxConsumers => _core.Shape.Consumers;

    /// <summary>How many priorities there are: 0 is the lowest.</summary>
    public int Priorities => _core.Shape.Priorities;

    /// <summary>How many bytes a producer's messages of one priority take at most.</summary>
    public int LaneCapacity => _core.Shape.Capacity;

    /// <summary>Whether a message is finished only when its consumer says so.</summary>
    public bool Acknowledges => _core.Shape.Acknowledges;

    /// <summary>What happens to a message for which there is no room.</summary>
    public QueueWhenFull WhenFull => _core.WhenFull;

    /// <summary>Whether somebody has closed it: nothing can be sent any more.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public bool IsCompleted => _core.IsCompleted;

    /// <summary>Makes a queue with a name.</summary>
    /// <param name="name">1 to 200 of the characters A-Z a-z 0-9 . _ -, not starting with a dot.</param>
    /// <param name="options">Its size and rules, who may use it, and where it is.</param>
    /// <exception cref="ArgumentException">It is no such name, or its lanes would take more than 8 GiB.</exception>
    /// <exception cref="PosixException"><c>EEXIST</c>: the name is taken; <c>ENOSPC</c>: there is no room for its lanes in
    /// <c>/dev/shm</c>.</exception>
    public static SharedQueue Create(string name, SharedQueueOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Made(QueueCore.Make(name, options ?? new(), default, mayExist: false));
    }

    /// <summary>Opens a queue by its name.</summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>: there is no such object.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.</exception>
    /// <exception cref="InvalidDataException">What stands at the name is no queue of this format, or one of another type.</exception>
    public static SharedQueue Open(string name, SharedObjectOptions? options = null) =>
        Made(Segment.Open(QueueCore.Kind, name, options ?? new()));

    /// <summary>
    /// Opens it, or makes it when it does not exist. Any number of processes may do this at once: one of them makes it.
    /// </summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.</exception>
    /// <exception cref="InvalidDataException">What stands at the name is no queue of this format, one of another type, or one that was made
    /// differently.</exception>
    public static SharedQueue OpenOrCreate(string name, SharedQueueOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        SharedQueue made = Made(QueueCore.Make(name, options ??= new(), default, mayExist: true));
        QueueCore.Require(made, made._core, options);
        return made;
    }

    /// <summary>Makes a queue without a name, to be handed on by <see cref="SharedObject.Share"/>.</summary>
    /// <inheritdoc cref="Create"/>
    public static SharedQueue CreateUnnamed(SharedQueueOptions? options = null) => Made(QueueCore.Make(null, options ?? new(), default, mayExist: false));

    /// <summary>Takes part in an unnamed queue that another process made.</summary>
    /// <param name="memory">What its <see cref="SharedObject.Share"/> gave; it may be disposed afterwards.</param>
    /// <exception cref="InvalidDataException">It is no queue of this format, or one of another type.</exception>
    public static SharedQueue OpenUnnamed(SafeHandle memory) => Made(Segment.Open(QueueCore.Kind, memory));

    /// <summary>A producer of messages: one for each thread that sends.</summary>
    /// <param name="options">How it sends.</param>
    /// <exception cref="PosixException"><c>EUSERS</c>: there are <see cref="MaxProducers"/> already.</exception>
    /// <exception cref="ObjectDisposedException">The queue is disposed.</exception>
    public QueueProducer CreateProducer(QueueProducerOptions? options = null) => new(_core, options ?? new());

    /// <summary>A consumer of messages: one for each thread that receives.</summary>
    /// <param name="options">How it receives.</param>
    /// <exception cref="PosixException"><c>EUSERS</c>: there are <see cref="MaxConsumers"/> already.</exception>
    /// <exception cref="ObjectDisposedException">The queue is disposed.</exception>
    public QueueConsumer CreateConsumer(QueueConsumerOptions? options = null) => new(_core, options ?? new());

    /// <summary>
    /// Closes it for all: nothing can be sent any more, what was sent is received still, and then receivers are told. It cannot be opened again.
    /// </summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public void Complete()
    {
        QueueClose close = new(_core.Shape);
        _core.Run(ref close);
    }

    private static SharedQueue Made(Segment segment) => SegmentSetup.Make(segment, static segment => new SharedQueue(segment));
}

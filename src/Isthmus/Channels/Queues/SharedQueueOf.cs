using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Isthmus;

/// <summary>A <see cref="SharedQueue"/> whose messages are values of one type.</summary>
/// <typeparam name="T">
/// A struct of numbers: without references, pointers, handles, and nothing that means something in one process only. All who use the queue
/// agree on its layout, and that is checked: the size, and the kinds of the fields in their order.
/// </typeparam>
[SuppressMessage("Design", "CA1000", Justification = "As for all shared objects: Create and Open stand on the type that they give.")]
public sealed class SharedQueue<T> : SharedObject
    where T : unmanaged
{
    private readonly QueueCore _core;

    private SharedQueue(Segment segment)
        : base(segment) => _core = new QueueCore(segment, Element.Of<T>());

    /// <inheritdoc cref="SharedQueue.IsCompleted"/>
    public bool IsCompleted => _core.IsCompleted;

    /// <summary>Makes a queue with a name.</summary>
    /// <param name="name">1 to 200 of the characters A-Z a-z 0-9 . _ -, not starting with a dot.</param>
    /// <param name="options">Its size and rules, who may use it, and where it is.</param>
    /// <exception cref="ArgumentException">It is no such name; its lanes would take more than 8 GiB, or are too small for a value.</exception>
    /// <exception cref="PosixException"><c>EEXIST</c>: the name is taken; <c>ENOSPC</c>: there is no room for its lanes in
    /// <c>/dev/shm</c>.</exception>
    public static SharedQueue<T> Create(string name, SharedQueueOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Made(QueueCore.Make(name, options ?? new(), Element.Of<T>(), mayExist: false));
    }

    /// <summary>Opens a queue by its name.</summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>: there is no such object.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.</exception>
    /// <exception cref="InvalidDataException">What stands at the name is no queue of this format, or one of values of another layout.</exception>
    public static SharedQueue<T> Open(string name, SharedObjectOptions? options = null) =>
        Made(Segment.Open(QueueCore.Kind, name, options ?? new()));

    /// <summary>
    /// Opens it, or makes it when it does not exist. Any number of processes may do this at once: one of them makes it.
    /// </summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.</exception>
    /// <exception cref="InvalidDataException">What stands at the name is no queue of this format, one of values of another layout, or one that was made
    /// differently.</exception>
    public static SharedQueue<T> OpenOrCreate(string name, SharedQueueOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        SharedQueue<T> made = Made(QueueCore.Make(name, options ??= new(), Element.Of<T>(), mayExist: true));
        QueueCore.Require(made, made._core, options);
        return made;
    }

    /// <summary>Makes a queue without a name, to be handed on by <see cref="SharedObject.Share"/>.</summary>
    /// <inheritdoc cref="Create"/>
    public static SharedQueue<T> CreateUnnamed(SharedQueueOptions? options = null) =>
        Made(QueueCore.Make(null, options ?? new(), Element.Of<T>(), mayExist: false));

    /// <summary>Takes part in an unnamed queue that another process made.</summary>
    /// <param name="memory">What its <see cref="SharedObject.Share"/> gave; it may be disposed afterwards.</param>
    /// <exception cref="InvalidDataException">It is no queue of this format, or one of values of another layout.</exception>
    public static SharedQueue<T> OpenUnnamed(SafeHandle memory) => Made(Segment.Open(QueueCore.Kind, memory));

    /// <inheritdoc cref="SharedQueue.GetStatus()"/>
    public SharedQueueStatus GetStatus() => new(Segment.TakeSnapshot());

    /// <inheritdoc cref="SharedQueue.CreateProducer"/>
    public QueueProducer<T> CreateProducer(QueueProducerOptions? options = null) => new(new QueueProducer(_core, options ?? new()));

    /// <inheritdoc cref="SharedQueue.CreateConsumer"/>
    public QueueConsumer<T> CreateConsumer(QueueConsumerOptions? options = null) => new(new QueueConsumer(_core, options ?? new()));

    /// <inheritdoc cref="SharedQueue.Complete"/>
    public void Complete() => TryComplete();

    /// <summary>Whether nobody had done so before.</summary>
    internal bool TryComplete()
    {
        QueueClose close = new(_core.Shape);
        _core.Run(ref close);
        return close.IsFirst;
    }

    /// <summary>
    /// A new consumer as a <see cref="ChannelReader{T}"/>, for code that is written for <c>System.Threading.Channels</c>. Several threads may
    /// use it. Its
    /// place is given back with the queue. Its <see cref="ChannelReader{T}.Completion"/> completes when there will be nothing more: at once when the
    /// last message is read here, within some 20 ms when it is read elsewhere.
    /// </summary>
    /// <inheritdoc cref="CreateConsumer"/>
    [SuppressMessage("Reliability", "CA2000", Justification = "The reader has it; its place is given back with the queue.")]
    public ChannelReader<T> AsChannelReader(QueueConsumerOptions? options = null) => new QueueChannelReader<T>(CreateConsumer(options));

    /// <summary>
    /// A new producer as a <see cref="ChannelWriter{T}"/>, for code that is written for <c>System.Threading.Channels</c>. Several threads may
    /// use it. Its place
    /// is given back with the queue; completing it completes the queue, for all. An error that it is completed with stays in this process: readers
    /// see the end, and no reason. What the queue's rules drop counts as written.
    /// </summary>
    /// <inheritdoc cref="CreateProducer"/>
    [SuppressMessage("Reliability", "CA2000", Justification = "The writer has it; its place is given back with the queue.")]
    public ChannelWriter<T> AsChannelWriter(QueueProducerOptions? options = null) => new QueueChannelWriter<T>(this, CreateProducer(options));

    private static SharedQueue<T> Made(Segment segment) => SegmentSetup.Make(segment, static segment => new SharedQueue<T>(segment));
}

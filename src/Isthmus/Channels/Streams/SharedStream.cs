using System.Diagnostics;
using System.IO.Pipelines;
using System.Numerics;
using System.Runtime.InteropServices;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// A stream of bytes in both directions between two processes, in shared memory: as fast as the memory while both are awake, and no system call then.
/// It has two ends: who makes it has the first, who opens it the second, and each is had once (<see cref="Prepare"/> makes it for two others).
/// </summary>
/// <remarks>
/// <para>
/// Each direction holds <see cref="Capacity"/> bytes; who writes more waits until the other has read. <see cref="Write(ReadOnlySpan{byte})"/> returns
/// when all is where the other end can read it: nothing is buffered, and nothing of it is lost when this process dies afterwards. The other end may
/// come later, and may read when this one is gone already.
/// </para>
/// <para>
/// A read returns what is there, at least one byte, and 0 at the end: the other end was disposed, has said by <see cref="CloseWrite"/> that it
/// writes no more, or died. <see cref="PeerEnd"/> and <see cref="PeerHasClosedWrite"/> tell which.
/// </para>
/// <para>
/// One reads and one writes at a time, and these two may be different threads; another meanwhile gets an <see cref="InvalidOperationException"/>.
/// <see cref="Stream.Dispose()"/> at any time ends what waits, with <see cref="ObjectDisposedException"/>.
/// </para>
/// </remarks>
public sealed class SharedStream : ByteStream
{
    /// <summary>The least capacity of a direction, in bytes.</summary>
    public const int CapacityMin = 4 * 1024;

    /// <summary>The greatest capacity of a direction, in bytes.</summary>
    public const int CapacityMax = 256 * 1024 * 1024;

    // Two ends, and some who are just being refused.
    private const int Slots = 8;

    internal static readonly SegmentKind Kind = new(
        23,
        "stream",
        "line 0: ends {state:2 slot:16 0:12 waiters:2 | 0:32}; line 1+2d: written {bytes:63 finished:1}, reader's wait; line 2+2d: read, writer's wait, "
            + "writer's want; wait {version:30 waiters:2 | version:32}; data: rings of directions 0 and 1; config: capacity",
        Recover)
    {
        PublishesByStores = true,
    };

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly Segment _segment;
    private readonly int _end;
    private readonly StreamInput _input;
    private readonly StreamOutput _output;
    private int _isDisposed;

    private SharedStream(Segment segment, int end)
    {
        _segment = segment;
        _end = end;
        Capacity = CapacityOf(segment);
        _input = new StreamInput(segment, end, Capacity);
        _output = new StreamOutput(segment, end, Capacity);
    }

    /// <summary>The name under which it was opened; null for an unnamed one.</summary>
    public string? Name => _segment.Name;

    /// <summary>Whether this is the first end: that of who has made it.</summary>
    public bool IsFirst => _end == 0;

    /// <summary>How many bytes each direction holds that are written and not read.</summary>
    public int Capacity { get; }

    /// <summary>How the other end stands. What it wrote before it was closed or died can be read still.</summary>
    /// <exception cref="ObjectDisposedException">This end is disposed.</exception>
    public SharedStreamEnd PeerEnd
    {
        get
        {
            ulong word = _segment.Memory.Load(StreamWord.End(1 - _end));
            _segment.ThrowIfDisposed();
            return StreamEndWord.StateOf(word);
        }
    }

    /// <summary>
    /// Whether the other end has said that it writes no more, by <see cref="CloseWrite"/> or by being disposed. When a read returned 0 and this is
    /// false, the other end has died, and what was read may lack its end.
    /// </summary>
    /// <exception cref="ObjectDisposedException">This end is disposed.</exception>
    public bool PeerHasClosedWrite
    {
        get
        {
            bool isFinished = _input.IsFinished;
            return PeerEnd == SharedStreamEnd.Closed || isFinished;
        }
    }

    /// <inheritdoc/>
    public override bool CanRead => !_segment.IsDisposed;

    /// <inheritdoc/>
    public override bool CanWrite => !_segment.IsDisposed && !_output.IsFinished;

    /// <inheritdoc/>
    public override bool CanTimeout => true;

    /// <summary>How long a blocking read waits, in milliseconds, before it throws <see cref="TimeoutException"/>; -1 for ever.</summary>
    /// <exception cref="ArgumentOutOfRangeException">0, or less than -1.</exception>
    public override int ReadTimeout
    {
        get;
        set => field = CheckedTimeout(value);
    } = Timeout.Infinite;

    /// <summary>How long a blocking write waits in all, in milliseconds, before it throws <see cref="TimeoutException"/>; -1 for ever.</summary>
    /// <exception cref="ArgumentOutOfRangeException">0, or less than -1.</exception>
    public override int WriteTimeout
    {
        get;
        set => field = CheckedTimeout(value);
    } = Timeout.Infinite;

    /// <summary>This process's part in the segment.</summary>
    internal Segment Segment => _segment;

    /// <summary>Makes a stream with a name, and takes its first end.</summary>
    /// <param name="name">1 to 200 of the characters A-Z a-z 0-9 . _ -, not starting with a dot.</param>
    /// <param name="options">How much it holds, who may use it, and where it is.</param>
    /// <exception cref="ArgumentException">It is no such name.</exception>
    /// <exception cref="PosixException"><c>EEXIST</c>: the name is taken; <c>ENOSPC</c>: <c>/dev/shm</c> is full.</exception>
    public static SharedStream Create(string name, SharedStreamOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Made(options, options => Segment.Create(Kind, name, options, StateOf(), ConfigOf(options), DataSizeOf(options)));
    }

    /// <summary>Makes a stream with a name for two others: the first that opens it has its first end.</summary>
    /// <inheritdoc cref="Create"/>
    public static void Prepare(string name, SharedStreamOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        options = Ready(options);
        Segment.Create(Kind, name, options, [], ConfigOf(options), DataSizeOf(options)).Dispose();
    }

    /// <summary>Opens a stream by its name, and takes its second end; or the first, of one that was prepared for two others.</summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>: there is no such object.</exception>
    /// <exception cref="PosixException"><c>EBUSY</c>: both its ends were opened before, and each is had once.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.</exception>
    /// <exception cref="InvalidDataException">What stands at the name is no stream of this format.</exception>
    public static SharedStream Open(string name, SharedObjectOptions? options = null) => Joined(Segment.Open(Kind, name, options ?? new()));

    /// <summary>
    /// Makes it and takes the first end, or opens it and takes the second when it exists. Two processes may do this at once: they meet. One whose two ends
    /// were had, and whose owners are gone, is replaced.
    /// </summary>
    /// <inheritdoc cref="Open"/>
    /// <exception cref="InvalidDataException">What stands at the name is no stream of this format, or one of another capacity.</exception>
    public static SharedStream OpenOrCreate(string name, SharedStreamOptions? options = null)
    {
        options ??= new();
        Deadline patience = Deadline.After(s_patience);
        Backoff backoff = default;
        while (true)
        {
            try
            {
                SharedStream stream = Made(
                    options, options => Segment.OpenOrCreate(Kind, name, options, StateOf(), ConfigOf(options), DataSizeOf(options)));
                return stream.Capacity == options.CapacityBytes ? stream : throw Differs(stream, options);
            }
            catch (PosixException error) when (error.Errno == Errno.EBUSY)
            {
                // What keeps a used-up one from being removed is another who is just being refused, or who removes it.
                if (!TryRemoveUsedUp(name, options, out bool isUsedUp) && !(isUsedUp && backoff.Sleep(patience)))
                {
                    throw;
                }
            }
        }
    }

    /// <summary>Makes a stream without a name, to be handed on by <see cref="Share"/>, and takes its first end.</summary>
    /// <param name="options">How much it holds.</param>
    public static SharedStream CreateUnnamed(SharedStreamOptions? options = null) =>
        Made(options, options => Segment.Create(Kind, null, options, StateOf(), ConfigOf(options), DataSizeOf(options)));

    /// <summary>Makes a stream without a name for two others, who take part by <see cref="OpenUnnamed"/>: both get this descriptor.</summary>
    /// <param name="options">How much it holds.</param>
    public static SafeFileHandle PrepareUnnamed(SharedStreamOptions? options = null)
    {
        options = Ready(options);
        using Segment segment = Segment.Create(Kind, null, options, [], ConfigOf(options), DataSizeOf(options));
        return segment.Share();
    }

    /// <summary>Takes the second end of an unnamed stream that another process made; or the first, of one that was prepared.</summary>
    /// <param name="memory">What its <see cref="Share"/> gave; it may be disposed afterwards.</param>
    /// <exception cref="InvalidDataException">It is no stream of this format.</exception>
    /// <exception cref="PosixException"><c>EBUSY</c>: both its ends were opened before, and each is had once.</exception>
    public static SharedStream OpenUnnamed(SafeHandle memory) => Joined(Segment.Open(Kind, memory));

    /// <inheritdoc cref="SharedObject.Unlink"/>
    public static void Unlink(string name, string? directory = null) => Segment.Unlink(name, directory);

    /// <summary>Looks at a stream without taking part in it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="options">Where it is, and whose it may be.</param>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>: there is no such object.</exception>
    /// <exception cref="InvalidDataException">What stands at the name is no stream of this format.</exception>
    public static SharedStreamStatus GetStatus(string name, SharedObjectOptions? options = null) =>
        new(SegmentSnapshot.Take(Kind, name, options ?? new()));

    /// <summary>Looks at the stream without disturbing it.</summary>
    /// <exception cref="ObjectDisposedException">This end is disposed.</exception>
    public SharedStreamStatus GetStatus() => new(_segment.TakeSnapshot());

    /// <inheritdoc cref="SharedObject.Share"/>
    public SafeFileHandle Share() => _segment.Share();

    /// <summary>Waits until somebody has opened the second end. Who writes before that need not wait.</summary>
    /// <exception cref="ObjectDisposedException">This end is disposed, before or meanwhile.</exception>
    public void WaitForPeer() => Gate.TryPass(_segment, default(StreamPeerGate), Deadline.Never);

    /// <summary>Waits until somebody has opened the second end, at most <paramref name="timeout"/>.</summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <returns>False when the time was up.</returns>
    /// <inheritdoc cref="WaitForPeer"/>
    public bool TryWaitForPeer(TimeSpan timeout) => Gate.TryPass(_segment, default(StreamPeerGate), Deadline.After(timeout));

    /// <summary>Completes when somebody has opened the second end.</summary>
    /// <inheritdoc cref="WaitForPeer"/>
    public ValueTask WaitForPeerAsync(CancellationToken cancellationToken = default) =>
        Gate.PassAsync(_segment, default(StreamPeerGate), cancellationToken);

    /// <summary>
    /// Reads what is there, at least one byte; blocks until something is. 0 at the end. A read into an empty buffer takes nothing and ends when there is
    /// something to read.
    /// </summary>
    /// <exception cref="TimeoutException">Nothing came within <see cref="ReadTimeout"/>; nothing was read.</exception>
    /// <exception cref="InvalidDataException">The other end has written nonsense into the segment.</exception>
    /// <exception cref="InvalidOperationException">Somebody else reads just now.</exception>
    /// <exception cref="ObjectDisposedException">This end is disposed, before or meanwhile.</exception>
    public override int Read(Span<byte> buffer) => _input.TryRead(buffer, DeadlineOf(ReadTimeout), out int count)
        ? count
        : throw new TimeoutException($"Nothing to read came within {ReadTimeout} ms.");

    /// <summary>As <see cref="Read(Span{byte})"/>, but false when nothing is there.</summary>
    /// <inheritdoc cref="Read(Span{byte})"/>
    public bool TryRead(Span<byte> buffer, out int count) => _input.TryRead(buffer, out count);

    /// <summary>As <see cref="Read(Span{byte})"/>, but false when nothing came within <paramref name="timeout"/>.</summary>
    /// <inheritdoc cref="Read(Span{byte})"/>
    public bool TryRead(Span<byte> buffer, TimeSpan timeout, out int count) => _input.TryRead(buffer, Deadline.After(timeout), out count);

    /// <summary>As <see cref="Read(Span{byte})"/>, without a thread that waits. Cancelled means that nothing was read.</summary>
    /// <inheritdoc cref="Read(Span{byte})"/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : _input.ReadAsync(buffer, cancellationToken);

    /// <summary>Writes all; blocks while there is no room.</summary>
    /// <exception cref="PosixException"><c>EPIPE</c>: the other end is closed or has died.</exception>
    /// <exception cref="TimeoutException">There was no room for all within <see cref="WriteTimeout"/>; the message says how much was written.</exception>
    /// <exception cref="InvalidDataException">The other end has written nonsense into the segment.</exception>
    /// <exception cref="InvalidOperationException">Somebody else writes just now; or this end has closed its writing.</exception>
    /// <exception cref="ObjectDisposedException">This end is disposed, before or meanwhile.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (!_output.TryWriteAll(buffer, DeadlineOf(WriteTimeout), out int count))
        {
            throw new TimeoutException($"There was room for {count} of {buffer.Length} bytes within {WriteTimeout} ms; they were written.");
        }
    }

    /// <summary>
    /// Writes as many bytes as there is room for, as soon as there is any; false when there was none within <paramref name="timeout"/>. Zero only tries.
    /// </summary>
    /// <inheritdoc cref="Write(ReadOnlySpan{byte})"/>
    public bool TryWrite(ReadOnlySpan<byte> buffer, TimeSpan timeout, out int written) =>
        _output.TryWrite(buffer, Deadline.After(timeout), out written);

    /// <summary>
    /// As <see cref="Write(ReadOnlySpan{byte})"/>, without a thread that waits. Cancelled before there was room for the first byte, nothing happened; cancelled
    /// later, a part was written, and the message of the <see cref="OperationCanceledException"/> says how much.
    /// </summary>
    /// <inheritdoc cref="Write(ReadOnlySpan{byte})"/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled(cancellationToken) : _output.WriteAllAsync(buffer, cancellationToken);

    /// <summary>Says that this end writes no more: the other reads what is left, and then the end. Reading goes on. Once more changes nothing.</summary>
    /// <exception cref="InvalidOperationException">Somebody writes just now.</exception>
    /// <exception cref="ObjectDisposedException">This end is disposed.</exception>
    public void CloseWrite() => _output.Finish();

    /// <summary>
    /// This end as a pair of <see cref="PipeReader"/> and <see cref="PipeWriter"/>. Completing the writer is <see cref="CloseWrite"/>; completing the reader
    /// leaves the stream open. An error that the writer is completed with stays in this process: the other end reads what was flushed, and then an end as
    /// any other. <see cref="StreamPipeReaderOptions.LeaveOpen"/> and that of the writer are not asked.
    /// </summary>
    /// <param name="readerOptions">How much is read at once.</param>
    /// <param name="writerOptions">How much is gathered before it is flushed.</param>
    public IDuplexPipe AsDuplexPipe(StreamPipeReaderOptions? readerOptions = null, StreamPipeWriterOptions? writerOptions = null) =>
        new StreamDuplexPipe(this, readerOptions, writerOptions);

    /// <inheritdoc/>
    public override string ToString() => _segment.ToString();

    /// <summary>Gives this end back: the other reads what was written, and then the end; what it wrote and was not read is lost.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            SegmentMemory memory = _segment.Memory;
            StreamClose close = new(_end);
            Driver.Run(ref memory, ref close);
            _segment.Dispose();
        }
        base.Dispose(disposing);
    }

    private static SharedStream Made(SharedStreamOptions? options, Func<SharedStreamOptions, Segment> make)
    {
        Segment segment = make(Ready(options));
        return segment.IsCreator ? First(segment) : Joined(segment);
    }

    private static SharedStreamOptions Ready(SharedStreamOptions? options) => (options ?? new()) with { MaxParticipants = Slots };

    private static SharedStream First(Segment segment)
    {
        Debug.Assert(segment.Slot == 0, "The word of the first end says so from the beginning.");
        return SegmentSetup.Make(segment, static segment => new SharedStream(segment, 0));
    }

    private static SharedStream Joined(Segment segment) => SegmentSetup.Make(segment, static segment =>
    {
        // Before an end is taken: who is refused for anything else leaves it to another.
        _ = CapacityOf(segment);
        StreamClaim claim = new(segment.Slot);
        Driver.Run(segment, ref claim);
        return claim.End >= 0
            ? new SharedStream(segment, claim.End)
            : throw PosixException.From(Errno.EBUSY, "open", segment.Name, "A stream has two ends, and both were taken. Make another one.");
    });

    private static int CapacityOf(Segment segment)
    {
        int capacity = SegmentSetup.Read(segment, 0, CapacityMin, CapacityMax, "capacity");
        return BitOperations.IsPow2(capacity) && segment.DataSize >= 2L * capacity
            ? capacity
            : throw new InvalidDataException($"{segment} is damaged: there is no room in it for two rings of {capacity} bytes.");
    }

    private static InvalidDataException Differs(SharedStream stream, SharedStreamOptions options)
    {
        InvalidDataException error = new(
            $"{stream._segment} exists with a capacity of {stream.Capacity} bytes, and {options.CapacityBytes} was asked for.");
        stream.Dispose();
        return error;
    }

    private static bool TryRemoveUsedUp(string name, SharedStreamOptions options, out bool isUsedUp)
    {
        isUsedUp = true;
        try
        {
            isUsedUp = IsUsedUp(SegmentSnapshot.Take(Kind, name, options));
            return isUsedUp && SegmentDirectory.TryRemoveUnused(name, options, IsUsedUp);
        }
        catch (FileNotFoundException)
        {
            return true;
        }
    }

    // Both ends were had, and nobody has one any more.
    private static bool IsUsedUp(SegmentSnapshot stream) => stream.KindId == Kind.Id
        && Enumerable.Range(0, StreamWord.Ends).All(end => StreamEndWord.IsGone(stream.Word(StreamWord.End(end))));

    private static void Recover(SegmentMemory memory, int slot, bool proven)
    {
        StreamRecovery recovery = new(slot, proven);
        Driver.Run(ref memory, ref recovery);
    }

    private static ulong[] StateOf() => [StreamEndWord.OpenedBy(0)];

    private static ulong[] ConfigOf(SharedStreamOptions options) => [(ulong)options.CapacityBytes];

    private static long DataSizeOf(SharedStreamOptions options) => 2L * options.CapacityBytes;

    private static Deadline DeadlineOf(int milliseconds) =>
        milliseconds == Timeout.Infinite ? Deadline.Never : Deadline.After(TimeSpan.FromMilliseconds(milliseconds));

    private static int CheckedTimeout(int milliseconds) => milliseconds is > 0 or Timeout.Infinite
        ? milliseconds
        : throw new ArgumentOutOfRangeException(nameof(milliseconds), milliseconds, "It must be more than 0, or -1 for ever.");
}

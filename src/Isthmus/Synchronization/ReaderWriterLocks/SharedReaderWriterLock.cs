using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Isthmus;

/// <summary>
/// A lock for several processes, in shared memory, that many may be in to read, or one to write. It survives the death
/// of whoever is in it, at any instruction: a dead reader is gone, and the death of a writer is told to those who come
/// next (<see cref="SharedReaderWriterScope.IsAbandoned"/>).
/// </summary>
/// <remarks>
/// <para>Neither side starves: a writer that waits keeps new readers out, and a writer that comes lets those readers in
/// first who had to wait for the one before.</para>
/// <para>An entry belongs to the scope that it returned, not to the thread: any thread may dispose it, also across
/// <see langword="await"/>. There is no recursion: who is in the lock and enters again may wait for itself.</para>
/// </remarks>
public sealed partial class SharedReaderWriterLock : SharedObject
{
    internal static readonly SegmentKind Kind = new(
        17,
        "rwlock",
        "line 0: owner {slot+1:16 mode:2 _:9 readers-wait:1 abandoned:1 unusable:1 waiters:2 | generation:32}; "
            + "slot: readers {inside:15 wanting:15 waiters:2 | deaths:32}",
        Recover);

    private readonly ConcurrentQueue<ReaderWriterHold> _spare = new();

    private SharedReaderWriterLock(Segment segment)
        : base(segment)
    {
    }

    /// <summary>Makes a lock with a name.</summary>
    /// <param name="name">1 to 200 of the characters A-Z a-z 0-9 . _ -, not starting with a dot.</param>
    /// <param name="options">Who may use it, and where it is.</param>
    /// <exception cref="ArgumentException">It is no such name.</exception>
    /// <exception cref="PosixException">
    /// <c>EEXIST</c>: the name is taken; <c>ENOSPC</c>: <c>/dev/shm</c> is full.
    /// </exception>
    public static SharedReaderWriterLock Create(string name, SharedObjectOptions? options = null) =>
        new(Segment.Create(Kind, name, options ?? new(), [], []));

    /// <summary>Opens a lock by its name.</summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>: there is no such object.</exception>
    /// <exception cref="UnauthorizedAccessException">
    /// <c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.
    /// </exception>
    /// <exception cref="InvalidDataException">
    /// What stands at the name is no reader-writer lock of this format.
    /// </exception>
    public static SharedReaderWriterLock Open(string name, SharedObjectOptions? options = null) => new(Segment.Open(Kind, name, options ?? new()));

    /// <summary>
    /// Opens it, or makes it when it does not exist. Any number of processes may do this at once: one of them makes it.
    /// </summary>
    /// <inheritdoc cref="Open"/>
    public static SharedReaderWriterLock OpenOrCreate(string name, SharedObjectOptions? options = null) =>
        new(Segment.OpenOrCreate(Kind, name, options ?? new(), [], []));

    /// <summary>Makes a lock without a name, to be handed on by <see cref="SharedObject.Share"/>.</summary>
    public static SharedReaderWriterLock CreateUnnamed(SharedObjectOptions? options = null) => new(Segment.Create(Kind, null, options ?? new(), [], []));

    /// <summary>Takes part in an unnamed lock that another process made.</summary>
    /// <param name="memory">What its <see cref="SharedObject.Share"/> gave; it may be disposed afterwards.</param>
    /// <exception cref="InvalidDataException">It is no reader-writer lock of this format.</exception>
    public static SharedReaderWriterLock OpenUnnamed(SafeHandle memory) => new(Segment.Open(Kind, memory));

    /// <summary>Looks at a lock without taking part in it.</summary>
    /// <inheritdoc cref="Open"/>
    public static SharedReaderWriterLockStatus GetStatus(string name, SharedObjectOptions? options = null) =>
        new(SegmentSnapshot.Take(Kind, name, options ?? new()));

    /// <summary>Looks at the lock without disturbing it.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public SharedReaderWriterLockStatus GetStatus() => new(Segment.TakeSnapshot());

    // When the attachment is disposed, this changes nothing that anybody sees.
    internal void Exit(ReaderWriterHold hold, SharedReaderWriterMode mode, ulong owned)
    {
        SegmentMemory memory = Segment.Memory;
        if (mode == SharedReaderWriterMode.Read)
        {
            ReaderWriterChange leave = new(Segment.Slot, -1, 0);
            Driver.Run(ref memory, ref leave);
        }
        else
        {
            ReaderWriterLower leave = new(owned, ReaderWriterMode.Free);
            Driver.Run(ref memory, ref leave);
        }
        _spare.Enqueue(hold);
    }

    internal Exception TooManyReaders() => PosixException.From(
        Errno.EAGAIN, "enter", Name, $"This attachment is in it {ReaderWriterReaders.CountMax} times to read, or waits for that; open it once more.");

    private static void Recover(SegmentMemory memory, int slot, bool proven)
    {
        ReaderWriterRecovery recovery = new(slot, proven);
        Driver.Run(ref memory, ref recovery);
    }

    private bool TryScope(ReaderWriterEntry outcome, SharedReaderWriterMode mode, ulong owned, out SharedReaderWriterScope scope)
    {
        scope = default;
        switch (outcome)
        {
            case ReaderWriterEntry.Busy:
                return false;
            case ReaderWriterEntry.Full:
                throw TooManyReaders();
            case ReaderWriterEntry.Unusable:
                throw PosixException.From(
                    Errno.ENOTRECOVERABLE,
                    "enter",
                    Name,
                    "A writer died in it, and the next did not declare the data consistent. Unlink it and create it anew.");
            default:
                ReaderWriterHold hold = _spare.TryDequeue(out ReaderWriterHold? spare) ? spare : new ReaderWriterHold(this);
                scope = hold.Begin(mode, owned, outcome == ReaderWriterEntry.Abandoned);
                return true;
        }
    }
}

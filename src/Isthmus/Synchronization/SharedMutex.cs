using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// A lock for several processes, in shared memory. It survives the death of its owner at any instruction: the next one enters, and is told
/// (<see cref="SharedMutexScope.IsAbandoned"/>).
/// </summary>
/// <remarks>
/// An entry belongs to the scope that it returned, not to the thread: any thread may dispose it, also across <see langword="await"/>. A thread or
/// flow that ends without
/// that leaves the mutex entered while its process lives.
/// </remarks>
public sealed class SharedMutex : SharedObject
{
    internal static readonly SegmentKind Kind = new(1, "mutex", "line 0: owner word {slot+1:16 flags waiters:2 | generation:32}", Recover);

    private readonly bool _recursive;
    private readonly SegmentMemory _memory;
    private readonly int _slot;
    private Thread? _ownerThread;
    private SharedMutexScope _innermost;

    private SharedMutex(Segment segment, SharedMutexOptions? options)
        : base(segment)
    {
        _recursive = options is { Recursive: true };
        _memory = segment.Memory;
        _slot = segment.Slot;
    }

    /// <summary>Makes a mutex with a name.</summary>
    /// <param name="name">1 to 200 of the characters A-Z a-z 0-9 . _ -, not starting with a dot.</param>
    /// <param name="options">Who may use it, and where it is.</param>
    /// <exception cref="ArgumentException">It is no such name.</exception>
    /// <exception cref="PosixException"><c>EEXIST</c>: the name is taken; <c>ENOSPC</c>: <c>/dev/shm</c> is full.</exception>
    public static SharedMutex Create(string name, SharedMutexOptions? options = null) =>
        new(Segment.Create(Kind, name, options ?? new(), [], []), options);

    /// <summary>Opens a mutex by its name.</summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>: there is no such object.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.</exception>
    /// <exception cref="InvalidDataException">What stands at the name is no mutex of this format.</exception>
    public static SharedMutex Open(string name, SharedMutexOptions? options = null) =>
        new(Segment.Open(Kind, name, options ?? new()), options);

    /// <summary>Opens it, or makes it when it does not exist. Any number of processes may do this at once: one of them makes it.</summary>
    /// <inheritdoc cref="Open(string, SharedMutexOptions?)"/>
    public static SharedMutex OpenOrCreate(string name, SharedMutexOptions? options = null) =>
        new(Segment.OpenOrCreate(Kind, name, options ?? new(), [], []), options);

    /// <summary>Makes a mutex without a name, to be handed on by <see cref="SharedObject.Share"/>.</summary>
    public static SharedMutex CreateUnnamed(SharedMutexOptions? options = null) =>
        new(Segment.Create(Kind, null, options ?? new(), [], []), options);

    /// <summary>Takes part in an unnamed mutex that another process made.</summary>
    /// <param name="memory">What its <see cref="SharedObject.Share"/> gave; it may be disposed afterwards.</param>
    /// <param name="options">How.</param>
    /// <exception cref="InvalidDataException">It is no mutex of this format.</exception>
    public static SharedMutex OpenUnnamed(SafeHandle memory, SharedMutexOptions? options = null) =>
        new(Segment.Open(Kind, memory), options);

    /// <summary>Looks at a mutex without taking part in it.</summary>
    /// <inheritdoc cref="Open(string, SharedMutexOptions?)"/>
    public static SharedMutexStatus GetStatus(string name, SharedMutexOptions? options = null) =>
        new(SegmentSnapshot.Take(Kind, name, options ?? new()));

    /// <summary>Looks at the mutex without disturbing it.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public SharedMutexStatus GetStatus() => new(Segment.TakeSnapshot());

    /// <summary>Enters; waits while another is in it.</summary>
    /// <exception cref="PosixException"><c>ENOTRECOVERABLE</c>: an owner died in it, and one who was told left without declaring the data
    /// consistent.</exception>
    /// <exception cref="ObjectDisposedException">It is disposed, before or meanwhile.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SharedMutexScope Enter()
    {
        // As the steps of MutexEnter, when nobody is there and nothing has happened.
        ulong seen = _memory.Load(MutexWord.Word);
        if (!_recursive && MutexWord.IsIdle(seen))
        {
            ulong entered = MutexWord.Entered(seen, _slot, Waiters.None);
            if (_memory.CompareExchange(MutexWord.Word, ref seen, entered))
            {
                Segment.ThrowIfDisposed();
                return new SharedMutexScope(this, entered, 0);
            }
        }
        return EnterOrWait();
    }

    /// <summary>Enters if nobody is in it.</summary>
    /// <inheritdoc cref="Enter"/>
    public bool TryEnter(out SharedMutexScope scope)
    {
        if (TryReenter(out scope))
        {
            return true;
        }
        MutexEnter enter = new(Segment.Slot, Waiters.None);
        Driver.Run(Segment, ref enter);
        return TryScope(enter, bySyncCall: true, out scope);
    }

    /// <summary>Enters; waits up to <paramref name="timeout"/> while another is in it.</summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="scope">The entry, when true is returned.</param>
    /// <inheritdoc cref="Enter"/>
    public bool TryEnter(TimeSpan timeout, out SharedMutexScope scope)
    {
        Deadline deadline = Deadline.After(timeout);
        if (TryReenter(out scope))
        {
            return true;
        }
        MutexEnter enter = new(Segment.Slot, Waiters.Sleepers);
        Driver.Block(Segment, ref enter, deadline);
        return TryScope(enter, bySyncCall: true, out scope);
    }

    /// <summary>Enters; completes when it has. Never recursive.</summary>
    /// <exception cref="OperationCanceledException">Cancelled: it was not entered.</exception>
    /// <inheritdoc cref="Enter"/>
    public async ValueTask<SharedMutexScope> EnterAsync(CancellationToken cancellationToken = default) =>
        await TryEnterAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false) ?? default;

    /// <summary>Enters; null after <paramref name="timeout"/>. Never recursive.</summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <inheritdoc cref="EnterAsync"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<SharedMutexScope?> TryEnterAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Deadline deadline = Deadline.After(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        MutexEnter enter = await Driver.RunAsync(Segment, new MutexEnter(Segment.Slot, Waiters.Bells), deadline, cancellationToken)
            .ConfigureAwait(false);
        if (TryScope(enter, bySyncCall: false, out SharedMutexScope scope))
        {
            return scope;
        }
        cancellationToken.ThrowIfCancellationRequested();
        return null;
    }

    /// <summary>Entering as one of several things to wait for; never recursive.</summary>
    public WaitSource<SharedMutexScope> ToWaitSource() => new SharedWaitSource<MutexEnter, SharedMutexScope>(
        Segment,
        () => new MutexEnter(Segment.Slot, Waiters.Bells),
        (MutexEnter enter, out SharedMutexScope scope) => TryScope(enter, bySyncCall: false, out scope),
        static scope => scope.Dispose());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Exit(SharedMutexScope scope)
    {
        // As the first step of MutexExit, when nobody waits.
        ulong seen = scope.Owned;
        if (scope.Depth > 0 || !MutexWord.IsPlain(seen) || !_memory.CompareExchange(MutexWord.Word, ref seen, MutexWord.Left(seen)))
        {
            ExitAndWake(scope);
        }
        GC.KeepAlive(this);
    }

    /// <summary>Leaves it; false when the scope is not that of the entry.</summary>
    internal bool TryExit(SharedMutexScope scope)
    {
        bool left = ExitAndWake(scope);
        Segment.ThrowIfDisposed();
        return left;
    }

    internal void DeclareConsistent(ulong owned)
    {
        MutexConsistent consistent = new(owned);
        Driver.Run(Segment, ref consistent);
        if (Volatile.Read(ref _ownerThread) == Thread.CurrentThread && MutexWord.IsSameEntry(_innermost.Owned, owned))
        {
            // Inner entries that follow need not repair again.
            _innermost = new SharedMutexScope(this, owned & ~MutexWord.Abandoned, _innermost.Depth);
        }
    }

    private static void Recover(SegmentMemory memory, int slot, bool proven)
    {
        MutexRecovery recovery = new(slot, proven);
        Driver.Run(ref memory, ref recovery);
    }

    private SharedMutexScope EnterOrWait()
    {
        if (TryReenter(out SharedMutexScope again))
        {
            return again;
        }
        MutexEnter enter = new(Segment.Slot, Waiters.Sleepers);
        Driver.Block(Segment, ref enter, Deadline.Never);
        _ = TryScope(enter, bySyncCall: true, out SharedMutexScope scope);
        return scope;
    }

    private bool ExitAndWake(SharedMutexScope scope)
    {
        if (scope.Depth > 0 && !EndsOutermost(scope))
        {
            return false;
        }
        MutexExit exit = new(scope.Owned);
        SegmentMemory memory = _memory;
        Driver.Run(ref memory, ref exit);
        GC.KeepAlive(this);
        return exit.Left;
    }

    private bool TryScope(MutexEnter enter, bool bySyncCall, out SharedMutexScope scope)
    {
        if (enter.Outcome == MutexEntry.Unusable)
        {
            throw PosixException.From(
                Errno.ENOTRECOVERABLE, "enter", Name, "An owner died in it, and the next did not declare the data consistent. Unlink it and create it anew.");
        }
        if (enter.Outcome == MutexEntry.Busy)
        {
            scope = default;
            return false;
        }
        scope = new SharedMutexScope(this, enter.Owned, _recursive && bySyncCall ? 1 : 0);
        if (scope.Depth > 0)
        {
            _innermost = scope;
            Volatile.Write(ref _ownerThread, Thread.CurrentThread);
        }
        return true;
    }

    private bool TryReenter(out SharedMutexScope scope)
    {
        scope = default;
        // Only this thread can have written itself there. (Not its number: that is another thread's after its end.)
        if (!_recursive || Volatile.Read(ref _ownerThread) != Thread.CurrentThread)
        {
            return false;
        }
        Segment.ThrowIfDisposed();
        scope = _innermost = new SharedMutexScope(this, _innermost.Owned, _innermost.Depth + 1);
        return true;
    }

    private bool EndsOutermost(SharedMutexScope scope)
    {
        if (Volatile.Read(ref _ownerThread) != Thread.CurrentThread)
        {
            throw new SynchronizationLockException("A recursive mutex is left by the thread that entered it.");
        }
        if (!MutexWord.IsSameEntry(scope.Owned, _innermost.Owned) || scope.Depth > _innermost.Depth)
        {
            // It was disposed before.
            return false;
        }
        if (scope.Depth < _innermost.Depth)
        {
            throw new SynchronizationLockException("An inner entry is still open: dispose the last scope first.");
        }
        if (scope.Depth > 1)
        {
            _innermost = new SharedMutexScope(this, scope.Owned, scope.Depth - 1);
            return false;
        }
        Volatile.Write(ref _ownerThread, null);
        return true;
    }
}

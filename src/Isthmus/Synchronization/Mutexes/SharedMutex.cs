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
public sealed partial class SharedMutex : SharedObject
{
    internal static readonly SegmentKind Kind = new(
        1,
        "mutex",
        "line 0: owner word {slot+1:16 _:10 chosen:1 queue:1 abandoned:1 unusable:1 waiters:2 | generation:32}; "
            + "slot: fair queue {now:14 which:1 calls:14 _:1 waiters:2 | later:14 deaths:18}; config: fair",
        Recover);

    private readonly bool _recursive;
    private readonly SegmentMemory _memory;
    private readonly int _slot;
    private Thread? _ownerThread;
    private SharedMutexScope _innermost;

    private SharedMutex(Segment segment, SharedMutexOptions? options)
        : base(segment)
    {
        IsFair = SegmentSetup.Read(segment, 0, 0, 1, "kind") != 0;
        _recursive = options is { Recursive: true };
        _memory = segment.Memory;
        _slot = segment.Slot;
    }

    /// <summary>Whether those who wait are served in turn (<see cref="SharedMutexOptions.Fair"/>).</summary>
    public bool IsFair { get; }

    /// <summary>Makes a mutex with a name.</summary>
    /// <param name="name">1 to 200 of the characters A-Z a-z 0-9 . _ -, not starting with a dot.</param>
    /// <param name="options">Who may use it, and where it is.</param>
    /// <exception cref="ArgumentException">It is no such name.</exception>
    /// <exception cref="PosixException"><c>EEXIST</c>: the name is taken; <c>ENOSPC</c>: <c>/dev/shm</c> is full.</exception>
    public static SharedMutex Create(string name, SharedMutexOptions? options = null) =>
        Made(Segment.Create(Kind, name, options ?? new(), [], ConfigOf(options)), options);

    /// <summary>Opens a mutex by its name.</summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>: there is no such object.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.</exception>
    /// <exception cref="InvalidDataException">What stands at the name is no mutex of this format.</exception>
    public static SharedMutex Open(string name, SharedMutexOptions? options = null) =>
        Made(Segment.Open(Kind, name, options ?? new()), options);

    /// <summary>Opens it, or makes it when it does not exist. Any number of processes may do this at once: one of them makes it.</summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.</exception>
    /// <exception cref="InvalidDataException">
    /// What stands at the name is no mutex of this format, or one that is fair where none was asked for, or the other way round.
    /// </exception>
    public static SharedMutex OpenOrCreate(string name, SharedMutexOptions? options = null)
    {
        SharedMutex made = Made(Segment.OpenOrCreate(Kind, name, options ?? new(), [], ConfigOf(options)), options);
        SegmentSetup.Require(made, made.IsFair, options is { Fair: true }, nameof(SharedMutexOptions.Fair));
        return made;
    }

    /// <summary>Makes a mutex without a name, to be handed on by <see cref="SharedObject.Share"/>.</summary>
    public static SharedMutex CreateUnnamed(SharedMutexOptions? options = null) =>
        Made(Segment.Create(Kind, null, options ?? new(), [], ConfigOf(options)), options);

    /// <summary>Takes part in an unnamed mutex that another process made.</summary>
    /// <param name="memory">What its <see cref="SharedObject.Share"/> gave; it may be disposed afterwards.</param>
    /// <param name="options">How.</param>
    /// <exception cref="InvalidDataException">It is no mutex of this format.</exception>
    public static SharedMutex OpenUnnamed(SafeHandle memory, SharedMutexOptions? options = null) =>
        Made(Segment.Open(Kind, memory), options);

    /// <summary>Looks at a mutex without taking part in it.</summary>
    /// <inheritdoc cref="Open(string, SharedMutexOptions?)"/>
    public static SharedMutexStatus GetStatus(string name, SharedMutexOptions? options = null) =>
        new(SegmentSnapshot.Take(Kind, name, options ?? new()));

    /// <summary>Looks at the mutex without disturbing it.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public SharedMutexStatus GetStatus() => new(Segment.TakeSnapshot());

    /// <summary>Enters; waits while another is in it.</summary>
    /// <exception cref="PosixException">
    /// <c>ENOTRECOVERABLE</c>: an owner died in it, and one who was told left without declaring the data consistent; <c>EAGAIN</c>: it is fair, and
    /// more than 16,383 calls of this attachment wait.
    /// </exception>
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
        // To a fair one there is no other way in, either, while nobody waits.
        MutexEnter enter = Begin(Waiters.None);
        Driver.Run(Segment, ref enter);
        return TryScope(new Entry(enter), bySyncCall: true, out scope);
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
        return TryScope(Block(deadline), bySyncCall: true, out scope);
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
    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    public async ValueTask<SharedMutexScope?> TryEnterAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Deadline deadline = Deadline.After(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        Entry entry = IsFair
            ? new(await Driver.RunAsync(Segment, BeginInTurn(Waiters.Bells), deadline, cancellationToken).ConfigureAwait(false))
            : new(await Driver.RunAsync(Segment, Begin(Waiters.Bells), deadline, cancellationToken).ConfigureAwait(false));
        if (TryScope(entry, bySyncCall: false, out SharedMutexScope scope))
        {
            return scope;
        }
        cancellationToken.ThrowIfCancellationRequested();
        return null;
    }

    /// <summary>Entering as one of several things to wait for; never recursive.</summary>
    public WaitSource<SharedMutexScope> ToWaitSource() => IsFair
        ? new SharedWaitSource<FairMutexEnter, SharedMutexScope>(
            Segment,
            () => BeginInTurn(Waiters.Bells),
            (FairMutexEnter enter, out SharedMutexScope scope) => TryScope(new Entry(enter), bySyncCall: false, out scope),
            static scope => scope.Dispose())
        : new SharedWaitSource<MutexEnter, SharedMutexScope>(
            Segment,
            () => Begin(Waiters.Bells),
            (MutexEnter enter, out SharedMutexScope scope) => TryScope(new Entry(enter), bySyncCall: false, out scope),
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

    private SharedMutexScope EnterOrWait()
    {
        if (TryReenter(out SharedMutexScope again))
        {
            return again;
        }
        _ = TryScope(Block(Deadline.Never), bySyncCall: true, out SharedMutexScope scope);
        return scope;
    }

    private bool ExitAndWake(SharedMutexScope scope)
    {
        if (scope.Depth > 0 && !EndsOutermost(scope))
        {
            return false;
        }
        bool left = Leave(scope.Owned);
        GC.KeepAlive(this);
        return left;
    }

    private bool TryScope(Entry entry, bool bySyncCall, out SharedMutexScope scope)
    {
        if (entry.Outcome == MutexEntry.Unusable)
        {
            throw PosixException.From(
                Errno.ENOTRECOVERABLE, "enter", Name, "An owner died in it, and the next did not declare the data consistent. Unlink it and create it anew.");
        }
        if (entry.Outcome == MutexEntry.Full)
        {
            throw PosixException.From(
                Errno.EAGAIN, "enter", Name, $"Of this attachment {FairMutexQueue.BatchMax} wait already; open it once more.");
        }
        if (entry.Outcome == MutexEntry.Busy)
        {
            scope = default;
            return false;
        }
        scope = new SharedMutexScope(this, entry.Owned, _recursive && bySyncCall ? 1 : 0);
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

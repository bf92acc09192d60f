using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// A condition variable for several processes, in shared memory: who is in a <see cref="SharedMutex"/> waits outside it until somebody signals that
/// what it protects has changed.
/// </summary>
/// <remarks>
/// <para>A wait leaves the mutex, waits, and enters it again: the scope that it was given is spent, and a new one takes its place. It may end without
/// a signal, in particular when a participant died, who may have been about to signal; so wait in a loop that looks at the data. What the new scope
/// says of abandonment is to be heeded.</para>
/// <para>Whoever changes the data does so inside the mutex, and signals inside it or afterwards. All use the same mutex with a condition.</para>
/// </remarks>
public sealed class SharedCondition : SharedObject
{
    internal static readonly SegmentKind Kind = new(
        12, "condition", "line 1: condition word {sequence:30 waiters:2 | registrations:32}", Recover);

    private SharedCondition(Segment segment)
        : base(segment)
    {
    }

    /// <summary>Makes a condition with a name.</summary>
    /// <param name="name">1 to 200 of the characters A-Z a-z 0-9 . _ -, not starting with a dot.</param>
    /// <param name="options">Who may use it, and where it is.</param>
    /// <exception cref="ArgumentException">It is no such name.</exception>
    /// <exception cref="PosixException"><c>EEXIST</c>: the name is taken; <c>ENOSPC</c>: <c>/dev/shm</c> is full.</exception>
    public static SharedCondition Create(string name, SharedObjectOptions? options = null) =>
        new(Segment.Create(Kind, name, options ?? new(), [], []));

    /// <summary>Opens a condition by its name.</summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>: there is no such object.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.</exception>
    /// <exception cref="InvalidDataException">What stands at the name is no condition of this format.</exception>
    public static SharedCondition Open(string name, SharedObjectOptions? options = null) => new(Segment.Open(Kind, name, options ?? new()));

    /// <summary>Opens it, or makes it when it does not exist. Any number of processes may do this at once: one of them makes it.</summary>
    /// <inheritdoc cref="Open"/>
    public static SharedCondition OpenOrCreate(string name, SharedObjectOptions? options = null) =>
        new(Segment.OpenOrCreate(Kind, name, options ?? new(), [], []));

    /// <summary>Makes a condition without a name, to be handed on by <see cref="SharedObject.Share"/>.</summary>
    public static SharedCondition CreateUnnamed(SharedObjectOptions? options = null) => new(Segment.Create(Kind, null, options ?? new(), [], []));

    /// <summary>Takes part in an unnamed condition that another process made.</summary>
    /// <param name="memory">What its <see cref="SharedObject.Share"/> gave; it may be disposed afterwards.</param>
    /// <exception cref="InvalidDataException">It is no condition of this format.</exception>
    public static SharedCondition OpenUnnamed(SafeHandle memory) => new(Segment.Open(Kind, memory));

    /// <summary>Looks at a condition without taking part in it.</summary>
    /// <inheritdoc cref="Open"/>
    public static SharedConditionStatus GetStatus(string name, SharedObjectOptions? options = null) =>
        new(SegmentSnapshot.Take(Kind, name, options ?? new()));

    /// <summary>Looks at the condition without disturbing it.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public SharedConditionStatus GetStatus() => new(Segment.TakeSnapshot());

    /// <summary>Ends the wait of one that waits, at least. Of those that wait asynchronously, all look.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public void Signal() => Gate.Change(Segment, new ConditionSignal(all: false));

    /// <summary>Ends the waits of all that wait.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public void Broadcast() => Gate.Change(Segment, new ConditionSignal(all: true));

    /// <summary>Leaves the mutex, waits for a signal, and enters the mutex again.</summary>
    /// <param name="scope">
    /// The entry to give up; afterwards the new one. When the wait ends with an exception it is the default, and the mutex is not entered; when the
    /// call is refused it is as it was.
    /// </param>
    /// <exception cref="SynchronizationLockException">The scope is not that of an entry; or that of an inner entry into a recursive
    /// mutex.</exception>
    /// <exception cref="PosixException"><c>ENOTRECOVERABLE</c>: the mutex cannot be entered any more.</exception>
    /// <exception cref="ObjectDisposedException">The condition or the mutex is disposed, before or meanwhile.</exception>
    public void Wait(ref SharedMutexScope scope) => TryWait(ref scope, Deadline.Never);

    /// <summary>Leaves the mutex, waits for a signal up to <paramref name="timeout"/>, and enters the mutex again, however long that takes.</summary>
    /// <param name="scope">The entry to give up; afterwards the new one. After an exception it is the default, and the mutex is not entered.</param>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <returns>False when the time was up.</returns>
    /// <inheritdoc cref="Wait"/>
    public bool TryWait(ref SharedMutexScope scope, TimeSpan timeout) => TryWait(ref scope, Deadline.After(timeout));

    /// <summary>Leaves the mutex, waits for a signal, and enters the mutex again.</summary>
    /// <param name="scope">The entry to give up; it is spent, unless the call is refused.</param>
    /// <param name="cancellationToken">Ends the wait for the signal, not the wait for the mutex afterwards.</param>
    /// <returns>The new entry.</returns>
    /// <exception cref="OperationCanceledException">
    /// Cancelled: the mutex was left, and is not entered. With a token that was cancelled before the call too.
    /// </exception>
    /// <inheritdoc cref="Wait"/>
    public async ValueTask<SharedMutexScope> WaitAsync(SharedMutexScope scope, CancellationToken cancellationToken = default) =>
        (await TryWaitAsync(scope, Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false)).Scope;

    /// <summary>Leaves the mutex, waits for a signal up to <paramref name="timeout"/>, and enters the mutex again, however long that takes.</summary>
    /// <param name="scope">The entry to give up; it is spent, unless the call is refused.</param>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="cancellationToken">Ends the wait for the signal, not the wait for the mutex afterwards.</param>
    /// <inheritdoc cref="WaitAsync"/>
    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    public async ValueTask<SharedConditionWait> TryWaitAsync(
        SharedMutexScope scope, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Deadline deadline = Deadline.After(timeout);
        SharedMutex mutex = MutexOf(scope);
        ConditionWait wait = new(Leave(mutex, scope, Waiters.Bells), Waiters.Bells);
        // Not before: whoever cancels finds the mutex left, whenever it was.
        cancellationToken.ThrowIfCancellationRequested();
        wait = await Driver.RunAsync(Segment, wait, deadline, cancellationToken).ConfigureAwait(false);
        if (!wait.Signalled)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
        return new SharedConditionWait(await mutex.EnterAsync(CancellationToken.None).ConfigureAwait(false), wait.Signalled);
    }

    private static void Recover(SegmentMemory memory, int slot, bool proven)
    {
        ConditionRecovery recovery = new();
        Driver.Run(ref memory, ref recovery);
    }

    private static SharedMutex MutexOf(SharedMutexScope scope)
    {
        if (scope.Mutex is not { } mutex)
        {
            throw new SynchronizationLockException("The scope is not that of an entry into a mutex.");
        }
        return scope.Depth > 1
            ? throw new SynchronizationLockException("Of a recursive mutex, wait with the outermost scope: the others would stay entered.")
            : mutex;
    }

    private bool TryWait(ref SharedMutexScope scope, Deadline deadline)
    {
        SharedMutex mutex = MutexOf(scope);
        ConditionWait wait = new(Leave(mutex, scope, Waiters.Sleepers), Waiters.Sleepers);
        scope = default;
        Driver.Block(Segment, ref wait, deadline);
        scope = mutex.Enter();
        return wait.Signalled;
    }

    // The registration comes first: whoever enters the mutex as soon as it was left may signal.
    private uint Leave(SharedMutex mutex, SharedMutexScope scope, Waiters waiters)
    {
        ulong before = Gate.Change(Segment, new ConditionRegister(waiters)).Before;
        return mutex.TryExit(scope)
            ? ConditionWord.SequenceOf(before)
            : throw new SynchronizationLockException("The scope has been disposed, or was given up by an earlier wait.");
    }
}

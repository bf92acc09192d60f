using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// Something that several processes want done and that is done once: the first who comes runs it, the others wait for the end of that run. When the
/// runner dies, or what it runs throws, the next one runs it and is told.
/// </summary>
public sealed class SharedOnce : SharedObject
{
    internal static readonly SegmentKind Kind = new(
        14, "once", "line 0: once word {runner+1:16 done:1 earlier:2 _:11 waiters:2 | generation:32}", Recover);

    private int _runnerThread;

    private SharedOnce(Segment segment)
        : base(segment)
    {
    }

    /// <summary>Whether a run has completed; what it did is then seen.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public bool IsDone
    {
        get
        {
            ulong word = Segment.Memory.Load(OnceWord.Word);
            Segment.ThrowIfDisposed();
            return OnceWord.IsDone(word);
        }
    }

    /// <summary>Makes one with a name.</summary>
    /// <param name="name">1 to 200 of the characters A-Z a-z 0-9 . _ -, not starting with a dot.</param>
    /// <param name="options">Who may use it, and where it is.</param>
    /// <exception cref="ArgumentException">It is no such name.</exception>
    /// <exception cref="PosixException"><c>EEXIST</c>: the name is taken; <c>ENOSPC</c>: <c>/dev/shm</c> is full.</exception>
    public static SharedOnce Create(string name, SharedObjectOptions? options = null) =>
        new(Segment.Create(Kind, name, options ?? new(), [], []));

    /// <summary>Opens one by its name.</summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>: there is no such object.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.</exception>
    /// <exception cref="InvalidDataException">What stands at the name is no object of this type and format.</exception>
    public static SharedOnce Open(string name, SharedObjectOptions? options = null) => new(Segment.Open(Kind, name, options ?? new()));

    /// <summary>Opens it, or makes it when it does not exist. Any number of processes may do this at once: one of them makes it.</summary>
    /// <inheritdoc cref="Open"/>
    public static SharedOnce OpenOrCreate(string name, SharedObjectOptions? options = null) =>
        new(Segment.OpenOrCreate(Kind, name, options ?? new(), [], []));

    /// <summary>Makes one without a name, to be handed on by <see cref="SharedObject.Share"/>.</summary>
    public static SharedOnce CreateUnnamed(SharedObjectOptions? options = null) => new(Segment.Create(Kind, null, options ?? new(), [], []));

    /// <summary>Takes part in an unnamed one that another process made.</summary>
    /// <param name="memory">What its <see cref="SharedObject.Share"/> gave; it may be disposed afterwards.</param>
    /// <exception cref="InvalidDataException">It is no object of this type and format.</exception>
    public static SharedOnce OpenUnnamed(SafeHandle memory) => new(Segment.Open(Kind, memory));

    /// <summary>Looks at one without taking part in it.</summary>
    /// <inheritdoc cref="Open"/>
    public static SharedOnceStatus GetStatus(string name, SharedObjectOptions? options = null) =>
        new(SegmentSnapshot.Take(Kind, name, options ?? new()));

    /// <summary>Looks at it without disturbing it.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public SharedOnceStatus GetStatus() => new(Segment.TakeSnapshot());

    /// <summary>Runs it unless it is done; while another runs it, waits for the end of that run.</summary>
    /// <param name="action">What to do; is told what it comes after. What it throws is thrown here, and the next one runs it.</param>
    /// <returns>True when this call has run it; false when another had.</returns>
    /// <exception cref="InvalidOperationException">This thread runs it already.</exception>
    /// <exception cref="ObjectDisposedException">It is disposed, before or meanwhile; what ran meanwhile does not count.</exception>
    public bool Run(Action<OnceAttempt> action) => TryRun(action, Timeout.InfiniteTimeSpan) == OnceOutcome.Ran;

    /// <summary>Runs it unless it is done; while another runs it, waits up to <paramref name="timeout"/> for the end of that run.</summary>
    /// <param name="action">What to do; is told what it comes after. What it throws is thrown here, and the next one runs it.</param>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>. How long a run takes is not limited.</param>
    /// <inheritdoc cref="Run"/>
    /// <returns>What it came to.</returns>
    public OnceOutcome TryRun(Action<OnceAttempt> action, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(action);
        Deadline deadline = Deadline.After(timeout);
        if (Volatile.Read(ref _runnerThread) == Environment.CurrentManagedThreadId)
        {
            throw new InvalidOperationException("What is run once calls itself: it would wait for its own end.");
        }
        PassGate<OnceGate> pass = new(new OnceGate(Segment.Slot), Waiters.Sleepers);
        Driver.Block(Segment, ref pass, deadline);
        if (Outcome(pass) is { } outcome)
        {
            return outcome;
        }
        Volatile.Write(ref _runnerThread, Environment.CurrentManagedThreadId);
        try
        {
            action(OnceWord.EarlierOf(pass.Word));
        }
        catch
        {
            Volatile.Write(ref _runnerThread, 0);
            Fail(pass.Word);
            throw;
        }
        Volatile.Write(ref _runnerThread, 0);
        return Complete(pass.Word);
    }

    /// <summary>Runs it unless it is done; while another runs it, completes with the end of that run.</summary>
    /// <param name="action">What to do; is told what it comes after. It must not run the same object.</param>
    /// <param name="cancellationToken">Ends the wait, and is given to the action.</param>
    /// <exception cref="OperationCanceledException">Cancelled while another ran it; or by the action, which then counts as one that
    /// threw.</exception>
    /// <inheritdoc cref="Run"/>
    public async ValueTask<bool> RunAsync(
        Func<OnceAttempt, CancellationToken, ValueTask> action, CancellationToken cancellationToken = default) =>
        await TryRunAsync(action, Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false) == OnceOutcome.Ran;

    /// <summary>Runs it unless it is done; while another runs it, completes with the end of that run, or after <paramref name="timeout"/>.</summary>
    /// <param name="action">What to do; is told what it comes after. It must not run the same object.</param>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>. How long a run takes is not limited.</param>
    /// <param name="cancellationToken">Ends the wait, and is given to the action.</param>
    /// <returns>What it came to.</returns>
    /// <inheritdoc cref="RunAsync"/>
    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    public async ValueTask<OnceOutcome> TryRunAsync(
        Func<OnceAttempt, CancellationToken, ValueTask> action, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(action);
        Deadline deadline = Deadline.After(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        PassGate<OnceGate> pass = new(new OnceGate(Segment.Slot), Waiters.Bells);
        pass = await Driver.RunAsync(Segment, pass, deadline, cancellationToken).ConfigureAwait(false);
        if (Outcome(pass) is { } outcome)
        {
            if (outcome == OnceOutcome.TimedOut)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
            return outcome;
        }
        try
        {
            await action(OnceWord.EarlierOf(pass.Word), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Fail(pass.Word);
            throw;
        }
        return Complete(pass.Word);
    }

    /// <summary>The end of the run that completes it, whoever runs it, as one of several things to wait for.</summary>
    public WaitSource ToWaitSource() => Gate.ToWaitSource(Segment, default(OnceDoneGate), static _ => { });

    private static void Recover(SegmentMemory memory, int slot, bool proven)
    {
        OnceRecovery recovery = new(slot, proven);
        Driver.Run(ref memory, ref recovery);
    }

    // Null: this call is to run it.
    private static OnceOutcome? Outcome(PassGate<OnceGate> pass) =>
        !pass.Passed ? OnceOutcome.TimedOut : OnceWord.IsDone(pass.Word) ? OnceOutcome.WasDone : null;

    private OnceOutcome Complete(ulong running)
    {
        Gate.Change(Segment, new OnceEnd(running, completed: true));
        return OnceOutcome.Ran;
    }

    // What the action threw is what the caller is told, also when this object was disposed meanwhile.
    private void Fail(ulong running)
    {
        ChangeWord<OnceEnd> end = new(new OnceEnd(running, completed: false));
        SegmentMemory memory = Segment.Memory;
        Driver.Run(ref memory, ref end);
        GC.KeepAlive(this);
    }
}

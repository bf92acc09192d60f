using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// A countdown for several processes, in shared memory: who waits goes on when it was signalled as often as its count says. It has the shape of
/// <see cref="CountdownEvent"/>.
/// </summary>
/// <remarks>
/// It does not know who is to signal: the signal of a process that dies before is missing, and who waits waits for it. Take a barrier where members
/// may die. Everybody goes on who waited when nothing was left, even when the reset follows at once.
/// </remarks>
public sealed class SharedCountdown : SharedObject
{
    internal static readonly SegmentKind Kind = new(
        13,
        "countdown",
        "line 0: countdown word {round:30 waiters:2 | count:32}, initial count",
        Gate.WakeAll(CountdownWord.Word));

    private SharedCountdown(Segment segment)
        : base(segment)
    {
    }

    /// <summary>What is left.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public int CurrentCount => CountdownWord.CountOf(Load(CountdownWord.Word));

    /// <summary>What <see cref="Reset()"/> begins with.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public int InitialCount => (int)Math.Min(Load(CountdownWord.InitialWord), int.MaxValue);

    /// <summary>Whether nothing is left.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public bool IsSet => CurrentCount == 0;

    /// <summary>Makes a countdown with a name.</summary>
    /// <param name="name">1 to 200 of the characters A-Z a-z 0-9 . _ -, not starting with a dot.</param>
    /// <param name="initialCount">How many signals it takes; zero or more.</param>
    /// <param name="options">Who may use it, and where it is.</param>
    /// <exception cref="ArgumentException">It is no such name; or the count is negative.</exception>
    /// <exception cref="PosixException"><c>EEXIST</c>: the name is taken; <c>ENOSPC</c>: <c>/dev/shm</c> is full.</exception>
    public static SharedCountdown Create(string name, int initialCount, SharedObjectOptions? options = null) =>
        new(Segment.Create(Kind, name, options ?? new(), StateOf(initialCount), []));

    /// <summary>Opens a countdown by its name.</summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>: there is no such object.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.</exception>
    /// <exception cref="InvalidDataException">What stands at the name is no countdown of this format.</exception>
    public static SharedCountdown Open(string name, SharedObjectOptions? options = null) => new(Segment.Open(Kind, name, options ?? new()));

    /// <summary>
    /// Opens it, whatever is left of it, or makes it when it does not exist. Any number of processes may do this at once: one of them makes it.
    /// </summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.</exception>
    /// <exception cref="InvalidDataException">What stands at the name is no countdown of this format.</exception>
    public static SharedCountdown OpenOrCreate(string name, int initialCount, SharedObjectOptions? options = null) =>
        new(Segment.OpenOrCreate(Kind, name, options ?? new(), StateOf(initialCount), []));

    /// <summary>Makes a countdown without a name, to be handed on by <see cref="SharedObject.Share"/>.</summary>
    /// <inheritdoc cref="Create"/>
    public static SharedCountdown CreateUnnamed(int initialCount, SharedObjectOptions? options = null) =>
        new(Segment.Create(Kind, null, options ?? new(), StateOf(initialCount), []));

    /// <summary>Takes part in an unnamed countdown that another process made.</summary>
    /// <param name="memory">What its <see cref="SharedObject.Share"/> gave; it may be disposed afterwards.</param>
    /// <exception cref="InvalidDataException">It is no countdown of this format.</exception>
    public static SharedCountdown OpenUnnamed(SafeHandle memory) => new(Segment.Open(Kind, memory));

    /// <summary>Looks at a countdown without taking part in it.</summary>
    /// <inheritdoc cref="Open"/>
    public static SharedCountdownStatus GetStatus(string name, SharedObjectOptions? options = null) =>
        new(SegmentSnapshot.Take(Kind, name, options ?? new()));

    /// <summary>Looks at the countdown without disturbing it.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public SharedCountdownStatus GetStatus() => new(Segment.TakeSnapshot());

    /// <summary>Lowers what is left by one.</summary>
    /// <inheritdoc cref="Signal(int)"/>
    public bool Signal() => Signal(1);

    /// <summary>Lowers what is left.</summary>
    /// <param name="signalCount">By how much; at least 1.</param>
    /// <returns>Whether nothing is left.</returns>
    /// <exception cref="InvalidOperationException">Not so much is left. Nothing was changed.</exception>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public bool Signal(int signalCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(signalCount, 1);
        ChangeWord<CountdownSignal> signal = Gate.Change(Segment, new CountdownSignal(signalCount));
        return signal.Changed
            ? CountdownWord.CountOf(signal.After) == 0
            : throw new InvalidOperationException($"{signalCount} cannot be taken from {CountdownWord.CountOf(signal.Before)} that are left.");
    }

    /// <summary>Raises what is left by one.</summary>
    /// <inheritdoc cref="AddCount(int)"/>
    public void AddCount() => AddCount(1);

    /// <summary>Raises what is left.</summary>
    /// <param name="signalCount">By how much; at least 1.</param>
    /// <exception cref="InvalidOperationException">Nothing is left, or it would be more than <see cref="int.MaxValue"/>. Nothing was
    /// changed.</exception>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public void AddCount(int signalCount)
    {
        if (!TryAddCount(signalCount))
        {
            throw new InvalidOperationException("Nothing is left to add to: it is over, until it is reset.");
        }
    }

    /// <summary>Raises what is left by one, unless nothing is left.</summary>
    /// <inheritdoc cref="TryAddCount(int)"/>
    public bool TryAddCount() => TryAddCount(1);

    /// <summary>Raises what is left, unless nothing is left.</summary>
    /// <param name="signalCount">By how much; at least 1.</param>
    /// <returns>False when nothing was left.</returns>
    /// <exception cref="InvalidOperationException">It would be more than <see cref="int.MaxValue"/>. Nothing was changed.</exception>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public bool TryAddCount(int signalCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(signalCount, 1);
        ChangeWord<CountdownAdd> add = Gate.Change(Segment, new CountdownAdd(signalCount));
        int before = CountdownWord.CountOf(add.Before);
        return add.Changed || before <= 0
            ? add.Changed
            : throw new InvalidOperationException($"{signalCount} more than {before} is more than can be counted.");
    }

    /// <summary>Begins anew, with the initial count. Who waits and was not released before goes on waiting.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public void Reset() => Gate.Change(Segment, new CountdownReset(InitialCount));

    /// <summary>Begins anew, with another initial count.</summary>
    /// <param name="count">How many signals it takes; zero or more.</param>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public void Reset(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Gate.Change(Segment, new CountdownInitial(count));
        Gate.Change(Segment, new CountdownReset(count));
    }

    /// <summary>Waits until nothing is left.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed, before or meanwhile.</exception>
    public void Wait() => Gate.TryPass(Segment, default(CountdownGate), Deadline.Never);

    /// <summary>Waits until nothing is left, at most <paramref name="timeout"/>.</summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <returns>False when the time was up.</returns>
    /// <inheritdoc cref="Wait"/>
    public bool TryWait(TimeSpan timeout) => Gate.TryPass(Segment, default(CountdownGate), Deadline.After(timeout));

    /// <summary>Completes when nothing is left.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <inheritdoc cref="Wait"/>
    public ValueTask WaitAsync(CancellationToken cancellationToken = default) => Gate.PassAsync(Segment, default(CountdownGate), cancellationToken);

    /// <summary>Completes when nothing is left, or after <paramref name="timeout"/>.</summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when the time was up.</returns>
    /// <inheritdoc cref="WaitAsync"/>
    public ValueTask<bool> TryWaitAsync(TimeSpan timeout, CancellationToken cancellationToken = default) =>
        Gate.TryPassAsync(Segment, default(CountdownGate), timeout, cancellationToken);

    /// <summary>The end of the countdown as one of several things to wait for.</summary>
    public WaitSource ToWaitSource() => Gate.ToWaitSource(Segment, default(CountdownGate), static _ => { });

    private static ulong[] StateOf(int initialCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(initialCount);
        return [CountdownWord.Initial(initialCount), (ulong)initialCount];
    }

    private ulong Load(int word)
    {
        ulong value = Segment.Memory.Load(word);
        Segment.ThrowIfDisposed();
        return value;
    }
}

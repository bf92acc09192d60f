using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// An event for several processes, in shared memory: who waits goes on when somebody sets it. It is what the named <see cref="EventWaitHandle"/> is
/// on other systems, and .NET refuses on Linux.
/// </summary>
/// <remarks>
/// An automatic one (<see cref="EventResetMode.AutoReset"/>) lets one go on and is reset by that; several Sets before that are one. A manual one lets
/// all go on until it is reset, and a Set lets everybody go on who waited then, even when the Reset follows at once. What was consumed by a process
/// that then died is gone; a wake never is.
/// </remarks>
public sealed class SharedEvent : SharedObject
{
    internal static readonly SegmentKind Kind = new(
        10, "event", "line 0: event word {set:1 version:29 waiters:2 | version:32}; config: mode", Gate.WakeAll(EventWord.Word));

    private readonly EventGate _gate;

    private SharedEvent(Segment segment)
        : base(segment)
    {
        Mode = (EventResetMode)SegmentSetup.Read(segment, 0, (int)EventResetMode.AutoReset, (int)EventResetMode.ManualReset, "mode");
        _gate = new EventGate(Mode);
    }

    /// <summary>Whether one who waits resets it, or nobody.</summary>
    public EventResetMode Mode { get; }

    /// <summary>Whether it is set just now.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public bool IsSet
    {
        get
        {
            ulong word = Segment.Memory.Load(EventWord.Word);
            Segment.ThrowIfDisposed();
            return EventWord.IsSet(word);
        }
    }

    /// <summary>Makes an event with a name.</summary>
    /// <param name="name">1 to 200 of the characters A-Z a-z 0-9 . _ -, not starting with a dot.</param>
    /// <param name="mode">Whether one who waits resets it, or nobody.</param>
    /// <param name="options">Who may use it, and where it is.</param>
    /// <exception cref="ArgumentException">It is no such name, or no such mode.</exception>
    /// <exception cref="PosixException"><c>EEXIST</c>: the name is taken; <c>ENOSPC</c>: <c>/dev/shm</c> is full.</exception>
    public static SharedEvent Create(string name, EventResetMode mode, SharedEventOptions? options = null) =>
        Made(Segment.Create(Kind, name, options ?? new(), StateOf(options), ConfigOf(mode)));

    /// <summary>Opens an event by its name.</summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>: there is no such object.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.</exception>
    /// <exception cref="InvalidDataException">What stands at the name is no event of this format.</exception>
    public static SharedEvent Open(string name, SharedObjectOptions? options = null) => Made(Segment.Open(Kind, name, options ?? new()));

    /// <summary>Opens it, or makes it when it does not exist. Any number of processes may do this at once: one of them makes it.</summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.</exception>
    /// <exception cref="InvalidDataException">What stands at the name is no event of this format, or one of the other mode.</exception>
    public static SharedEvent OpenOrCreate(string name, EventResetMode mode, SharedEventOptions? options = null)
    {
        SharedEvent made = Made(Segment.OpenOrCreate(Kind, name, options ?? new(), StateOf(options), ConfigOf(mode)));
        SegmentSetup.Require(made, made.Mode, mode, "mode");
        return made;
    }

    /// <summary>Makes an event without a name, to be handed on by <see cref="SharedObject.Share"/>.</summary>
    /// <inheritdoc cref="Create"/>
    public static SharedEvent CreateUnnamed(EventResetMode mode, SharedEventOptions? options = null) =>
        Made(Segment.Create(Kind, null, options ?? new(), StateOf(options), ConfigOf(mode)));

    /// <summary>Takes part in an unnamed event that another process made.</summary>
    /// <param name="memory">What its <see cref="SharedObject.Share"/> gave; it may be disposed afterwards.</param>
    /// <exception cref="InvalidDataException">It is no event of this format.</exception>
    public static SharedEvent OpenUnnamed(SafeHandle memory) => Made(Segment.Open(Kind, memory));

    /// <summary>Looks at an event without taking part in it.</summary>
    /// <inheritdoc cref="Open"/>
    public static SharedEventStatus GetStatus(string name, SharedObjectOptions? options = null) =>
        new(SegmentSnapshot.Take(Kind, name, options ?? new()));

    /// <summary>Looks at the event without disturbing it.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public SharedEventStatus GetStatus() => new(Segment.TakeSnapshot());

    /// <summary>Sets it: one who waits goes on, or all. Everything that was written before is seen by them.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public void Set() => Gate.Change(Segment, new EventSet(Mode));

    /// <summary>Resets it: who comes from now on waits.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public void Reset() => Gate.Change(Segment, default(EventReset));

    /// <summary>Waits until it is set.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed, before or meanwhile.</exception>
    public void Wait() => Gate.TryPass(Segment, _gate, Deadline.Never);

    /// <summary>Whether it is set; an automatic one is reset by that.</summary>
    /// <inheritdoc cref="Wait"/>
    public bool TryWait() => Gate.TryPass(Segment, _gate);

    /// <summary>Waits until it is set, at most <paramref name="timeout"/>.</summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <returns>False when the time was up.</returns>
    /// <inheritdoc cref="Wait"/>
    public bool TryWait(TimeSpan timeout) => Gate.TryPass(Segment, _gate, Deadline.After(timeout));

    /// <summary>Completes when it is set.</summary>
    /// <exception cref="OperationCanceledException">Cancelled: nothing was consumed.</exception>
    /// <inheritdoc cref="Wait"/>
    public ValueTask WaitAsync(CancellationToken cancellationToken = default) => Gate.PassAsync(Segment, _gate, cancellationToken);

    /// <summary>Completes when it is set, or after <paramref name="timeout"/>.</summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when the time was up.</returns>
    /// <inheritdoc cref="WaitAsync"/>
    public ValueTask<bool> TryWaitAsync(TimeSpan timeout, CancellationToken cancellationToken = default) =>
        Gate.TryPassAsync(Segment, _gate, timeout, cancellationToken);

    /// <summary>
    /// The event as one of several things to wait for; an automatic one is reset when it is the one that <see cref="WaitAny"/> returns.
    /// </summary>
    public WaitSource ToWaitSource() => Gate.ToWaitSource(Segment, _gate, _ => GiveBack());

    private static SharedEvent Made(Segment segment) => SegmentSetup.Make(segment, static segment => new SharedEvent(segment));

    private static ulong[] StateOf(SharedEventOptions? options) => [EventWord.Initial(options is { IsSet: true })];

    private static ulong[] ConfigOf(EventResetMode mode) => mode is EventResetMode.AutoReset or EventResetMode.ManualReset
        ? [(ulong)mode]
        : throw new ArgumentOutOfRangeException(nameof(mode));

    private void GiveBack()
    {
        if (Mode == EventResetMode.AutoReset)
        {
            Set();
        }
    }
}

using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// A semaphore for several processes, in shared memory: a count that <see cref="Acquire"/> lowers, or waits for, and <see cref="Release()"/> raises.
/// It is what the named <see cref="System.Threading.Semaphore"/> is on other systems, and .NET refuses on Linux.
/// </summary>
/// <remarks>
/// A plain one promises nothing when somebody dies who has acquired: what it had is gone. An owner-tracked one
/// (<see cref="SharedSemaphoreOptions.OwnerTracked"/>) gets it back. What is held belongs to the attachment, not to a thread: any thread of it may
/// release.
/// </remarks>
public sealed class SharedSemaphore : SharedObject
{
    internal static readonly SegmentKind Kind = new(
        11,
        "semaphore",
        "line 0: tracked {available:20 doer:10 waiters:2 | number:30 kind:2}; line 1: plain {count:29 _:1 waiters:2 | version:32}; "
            + "slot: {held:20 number:44}; config: maximum, tracked, fair; fair: line 0 and slot as of a fair mutex",
        Recover);

    private SharedSemaphore(Segment segment)
        : base(segment)
    {
        OwnerTracked = SegmentSetup.Read(segment, 1, 0, 1, "kind") != 0;
        IsFair = SegmentSetup.Read(segment, 2, 0, OwnerTracked ? 0 : 1, "order") != 0;
        MaximumCount = SegmentSetup.Read(segment, 0, 1, MostOf(OwnerTracked), "maximum");
    }

    /// <summary>The greatest count that a semaphore can have: 536,870,911.</summary>
    public static int CountMax => SemaphoreWord.Most;

    /// <summary>The most permits that an owner-tracked semaphore can have: 1,048,575.</summary>
    public static int OwnerTrackedMax => TrackedWord.Most;

    /// <summary>The greatest count of this one.</summary>
    public int MaximumCount { get; }

    /// <summary>Whether it knows who holds its permits.</summary>
    public bool OwnerTracked { get; }

    /// <summary>Whether those who wait are served in turn (<see cref="SharedSemaphoreOptions.Fair"/>).</summary>
    public bool IsFair { get; }

    /// <summary>How many can be acquired just now.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public int CurrentCount
    {
        get
        {
            ulong word = Segment.Memory.Load(OwnerTracked ? TrackedWord.Word : SemaphoreWord.Word);
            Segment.ThrowIfDisposed();
            return OwnerTracked ? TrackedWord.AvailableOf(word) : SemaphoreWord.CountOf(word);
        }
    }

    /// <summary>How many permits of an owner-tracked semaphore this attachment holds; 0 of a plain one.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public int HeldCount
    {
        get
        {
            if (!OwnerTracked)
            {
                return 0;
            }
            SegmentMemory memory = Segment.Memory;
            TrackedView view = new(Segment.Slot);
            while (!view.Step(ref memory))
            {
            }
            Segment.ThrowIfDisposed();
            return HeldWord.HeldOf(view.Held);
        }
    }

    /// <summary>Makes a semaphore with a name.</summary>
    /// <param name="name">1 to 200 of the characters A-Z a-z 0-9 . _ -, not starting with a dot.</param>
    /// <param name="initialCount">How many can be acquired at first; of an owner-tracked one, all.</param>
    /// <param name="maximumCount">The greatest count, from 1 to <see cref="CountMax"/> or <see cref="OwnerTrackedMax"/>.</param>
    /// <param name="options">Of which kind it is, who may use it, and where it is.</param>
    /// <exception cref="ArgumentException">It is no such name; or the counts are out of range.</exception>
    /// <exception cref="PosixException"><c>EEXIST</c>: the name is taken; <c>ENOSPC</c>: <c>/dev/shm</c> is full.</exception>
    public static SharedSemaphore Create(string name, int initialCount, int maximumCount, SharedSemaphoreOptions? options = null) =>
        Made(Segment.Create(Kind, name, options ?? new(), StateOf(initialCount, maximumCount, options), ConfigOf(maximumCount, options)));

    /// <summary>Opens a semaphore by its name.</summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>: there is no such object.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.</exception>
    /// <exception cref="InvalidDataException">What stands at the name is no semaphore of this format.</exception>
    public static SharedSemaphore Open(string name, SharedObjectOptions? options = null) => Made(Segment.Open(Kind, name, options ?? new()));

    /// <summary>Opens it, or makes it when it does not exist. Any number of processes may do this at once: one of them makes it.</summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.</exception>
    /// <exception cref="InvalidDataException">
    /// What stands at the name is no semaphore of this format, or one with another maximum or of the other kind.
    /// </exception>
    public static SharedSemaphore OpenOrCreate(string name, int initialCount, int maximumCount, SharedSemaphoreOptions? options = null)
    {
        SharedSemaphore made = Made(Segment.OpenOrCreate(
            Kind, name, options ?? new(), StateOf(initialCount, maximumCount, options), ConfigOf(maximumCount, options)));
        SegmentSetup.Require(made, made.MaximumCount, maximumCount, nameof(MaximumCount));
        SegmentSetup.Require(made, made.OwnerTracked, options is { OwnerTracked: true }, nameof(OwnerTracked));
        SegmentSetup.Require(made, made.IsFair, options is { Fair: true }, nameof(SharedSemaphoreOptions.Fair));
        return made;
    }

    /// <summary>Makes a semaphore without a name, to be handed on by <see cref="SharedObject.Share"/>.</summary>
    /// <inheritdoc cref="Create"/>
    public static SharedSemaphore CreateUnnamed(int initialCount, int maximumCount, SharedSemaphoreOptions? options = null) =>
        Made(Segment.Create(Kind, null, options ?? new(), StateOf(initialCount, maximumCount, options), ConfigOf(maximumCount, options)));

    /// <summary>Takes part in an unnamed semaphore that another process made.</summary>
    /// <param name="memory">What its <see cref="SharedObject.Share"/> gave; it may be disposed afterwards.</param>
    /// <exception cref="InvalidDataException">It is no semaphore of this format.</exception>
    public static SharedSemaphore OpenUnnamed(SafeHandle memory) => Made(Segment.Open(Kind, memory));

    /// <summary>Looks at a semaphore without taking part in it.</summary>
    /// <inheritdoc cref="Open"/>
    public static SharedSemaphoreStatus GetStatus(string name, SharedObjectOptions? options = null) =>
        new(SegmentSnapshot.Take(Kind, name, options ?? new()));

    /// <summary>Looks at the semaphore without disturbing it.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public SharedSemaphoreStatus GetStatus() => new(Segment.TakeSnapshot());

    /// <summary>Lowers the count; waits while it is zero.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed, before or meanwhile.</exception>
    public void Acquire() => TryAcquire(Deadline.Never);

    /// <summary>Lowers the count, waiting while it is zero; the scope raises it again.</summary>
    /// <returns>To be disposed.</returns>
    /// <inheritdoc cref="Acquire"/>
    public SharedSemaphoreScope AcquireScope()
    {
        Acquire();
        return new SharedSemaphoreScope(this);
    }

    /// <summary>Lowers the count unless it is zero.</summary>
    /// <inheritdoc cref="Acquire"/>
    public bool TryAcquire()
    {
        if (IsFair)
        {
            return FairSemaphore.TryAcquire(Segment, Waiters.None, Deadline.Never);
        }
        if (!OwnerTracked)
        {
            return Gate.TryPass(Segment, default(SemaphoreGate));
        }
        TrackedAcquire acquire = new(Segment.Slot, Waiters.None);
        Driver.Run(Segment, ref acquire);
        return acquire.Acquired;
    }

    /// <summary>Lowers the count; waits up to <paramref name="timeout"/> while it is zero.</summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <returns>False when the time was up.</returns>
    /// <inheritdoc cref="Acquire"/>
    public bool TryAcquire(TimeSpan timeout) => TryAcquire(Deadline.After(timeout));

    /// <summary>Lowers the count; completes when it has.</summary>
    /// <exception cref="OperationCanceledException">Cancelled: nothing was acquired.</exception>
    /// <inheritdoc cref="Acquire"/>
    public ValueTask AcquireAsync(CancellationToken cancellationToken = default) =>
        IsFair ? FairSemaphore.AcquireAsync(Segment, cancellationToken)
        : OwnerTracked ? TrackedAsync.AcquireAsync(Segment, cancellationToken)
        : Gate.PassAsync(Segment, default(SemaphoreGate), cancellationToken);

    /// <summary>Lowers the count; completes when it has, or after <paramref name="timeout"/>.</summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when the time was up.</returns>
    /// <inheritdoc cref="AcquireAsync"/>
    public ValueTask<bool> TryAcquireAsync(TimeSpan timeout, CancellationToken cancellationToken = default) =>
        IsFair ? FairSemaphore.TryAcquireAsync(Segment, timeout, cancellationToken)
        : OwnerTracked ? TrackedAsync.TryAcquireAsync(Segment, timeout, cancellationToken)
        : Gate.TryPassAsync(Segment, default(SemaphoreGate), timeout, cancellationToken);

    /// <summary>Raises the count by one.</summary>
    /// <inheritdoc cref="Release(int)"/>
    public int Release() => Release(1);

    /// <summary>Raises the count.</summary>
    /// <param name="count">By how much; at least 1.</param>
    /// <returns>The count before.</returns>
    /// <exception cref="SemaphoreFullException">It would become greater than <see cref="MaximumCount"/>. It stays as it was.</exception>
    /// <exception cref="SynchronizationLockException">
    /// Of an owner-tracked one: this attachment does not hold so many. Nothing was released, unless another of its threads releases at the same time.
    /// </exception>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public int Release(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (OwnerTracked)
        {
            return ReleaseTracked(count);
        }
        ChangeWord<SemaphoreRelease> release = Gate.Change(Segment, new SemaphoreRelease(count, MaximumCount));
        int before = SemaphoreWord.CountOf(release.Before);
        return release.Changed
            ? before
            : throw new SemaphoreFullException($"{this} has {before}, and {count} more would be above its maximum of {MaximumCount}.");
    }

    /// <summary>Acquiring as one of several things to wait for.</summary>
    public WaitSource ToWaitSource() =>
        IsFair ? FairSemaphore.ToWaitSource(Segment, _ => Release())
        : OwnerTracked ? TrackedAsync.ToWaitSource(Segment, _ => Release())
        : Gate.ToWaitSource(Segment, default(SemaphoreGate), _ => Release());

    private static void Recover(SegmentMemory memory, int slot, bool proven)
    {
        if (memory.Config(2) != 0)
        {
            FairSemaphore.Recover(memory, slot, proven);
            return;
        }
        // Which of the others it is does not matter: the words of the other kind are zero, and nobody waits there.
        TrackedRecovery recovery = new(slot, proven);
        Driver.Run(ref memory, ref recovery);
        WakeRecovery wake = new(SemaphoreWord.Word);
        Driver.Run(ref memory, ref wake);
    }

    private static SharedSemaphore Made(Segment segment) => SegmentSetup.Make(segment, static segment => new SharedSemaphore(segment));

    private static int MostOf(bool ownerTracked) => ownerTracked ? OwnerTrackedMax : CountMax;

    private static ulong[] StateOf(int initialCount, int maximumCount, SharedSemaphoreOptions? options)
    {
        bool ownerTracked = options is { OwnerTracked: true };
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximumCount, MostOf(ownerTracked));
        ArgumentOutOfRangeException.ThrowIfNegative(initialCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(initialCount, maximumCount);
        if (options is { OwnerTracked: true, Fair: true })
        {
            throw new ArgumentException("A semaphore is owner-tracked or fair, not both.", nameof(options));
        }
        if (ownerTracked && initialCount != maximumCount)
        {
            throw new ArgumentException(
                "An owner-tracked semaphore begins with all its permits: nobody else could release them.", nameof(initialCount));
        }
        ulong[] state = new ulong[SemaphoreWord.Word + 1];
        state[ownerTracked ? TrackedWord.Word : SemaphoreWord.Word] =
            ownerTracked ? TrackedWord.Initial(initialCount) : SemaphoreWord.Initial(initialCount);
        return state;
    }

    private static ulong[] ConfigOf(int maximumCount, SharedSemaphoreOptions? options) =>
        [(ulong)maximumCount, options is { OwnerTracked: true } ? 1UL : 0, options is { Fair: true } ? 1UL : 0];

    private bool TryAcquire(Deadline deadline)
    {
        if (IsFair)
        {
            return FairSemaphore.TryAcquire(Segment, Waiters.Sleepers, deadline);
        }
        if (!OwnerTracked)
        {
            return Gate.TryPass(Segment, default(SemaphoreGate), deadline);
        }
        TrackedAcquire acquire = new(Segment.Slot, Waiters.Sleepers);
        Driver.Block(Segment, ref acquire, deadline);
        return acquire.Acquired;
    }

    private int ReleaseTracked(int count)
    {
        int held = count > 1 ? HeldCount : 1;
        int before = 0;
        for (int released = 0; released < count; released++)
        {
            TrackedRelease release = new(Segment.Slot);
            if (held >= count)
            {
                Driver.Run(Segment, ref release);
            }
            if (!release.Released)
            {
                throw new SynchronizationLockException($"This attachment does not hold {count} of {this}; it has released {released}.");
            }
            before = released == 0 ? release.Previous : before;
        }
        return before;
    }
}

using System.Runtime.InteropServices;

namespace Isthmus;

/// <summary>
/// A barrier for several processes, in shared memory: its members arrive and wait, and when all have, all go on. Each
/// member joins (<see cref="Join"/>) and leaves as it likes. The death of a member is told to all others.
/// </summary>
/// <remarks>
/// A member that dies breaks the barrier (the round that it is missed in): all who wait, and all who arrive, are told
/// <see cref="BarrierOutcome.Broken"/>, until somebody calls <see cref="Reset"/>. Disposing the attachment while it has
/// members counts as their death.
/// </remarks>
public sealed class SharedBarrier : SharedObject
{
    internal static readonly SegmentKind Kind = new(
        18,
        "barrier",
        "line 0: barrier {round:28 broken:1 breaks-next:1 waiters:2 | version:31 parity:1}; slot: members {joined:10 arrived:10 round:20 deaths:24}",
        Recover);

    private SharedBarrier(Segment segment)
        : base(segment)
    {
    }

    /// <summary>The most members that one attachment can have at once: 1,023.</summary>
    public static int MembersMax => BarrierMembers.Most;

    /// <summary>Makes a barrier with a name; it has no members yet.</summary>
    /// <param name="name">1 to 200 of the characters A-Z a-z 0-9 . _ -, not starting with a dot.</param>
    /// <param name="options">Who may use it, and where it is.</param>
    /// <exception cref="ArgumentException">It is no such name.</exception>
    /// <exception cref="PosixException">
    /// <c>EEXIST</c>: the name is taken; <c>ENOSPC</c>: <c>/dev/shm</c> is full.
    /// </exception>
    public static SharedBarrier Create(string name, SharedObjectOptions? options = null) =>
        new(Segment.Create(Kind, name, options ?? new(), [], []));

    /// <summary>Opens a barrier by its name. That alone does not make a member.</summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>: there is no such object.</exception>
    /// <exception cref="UnauthorizedAccessException">
    /// <c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.
    /// </exception>
    /// <exception cref="InvalidDataException">What stands at the name is no barrier of this format.</exception>
    public static SharedBarrier Open(string name, SharedObjectOptions? options = null) => new(Segment.Open(Kind, name, options ?? new()));

    /// <summary>
    /// Opens it, or makes it when it does not exist. Any number of processes may do this at once: one of them makes it.
    /// </summary>
    /// <inheritdoc cref="Open"/>
    public static SharedBarrier OpenOrCreate(string name, SharedObjectOptions? options = null) =>
        new(Segment.OpenOrCreate(Kind, name, options ?? new(), [], []));

    /// <summary>Makes a barrier without a name, to be handed on by <see cref="SharedObject.Share"/>.</summary>
    public static SharedBarrier CreateUnnamed(SharedObjectOptions? options = null) => new(Segment.Create(Kind, null, options ?? new(), [], []));

    /// <summary>Takes part in an unnamed barrier that another process made.</summary>
    /// <param name="memory">What its <see cref="SharedObject.Share"/> gave; it may be disposed afterwards.</param>
    /// <exception cref="InvalidDataException">It is no barrier of this format.</exception>
    public static SharedBarrier OpenUnnamed(SafeHandle memory) => new(Segment.Open(Kind, memory));

    /// <summary>Looks at a barrier without taking part in it.</summary>
    /// <inheritdoc cref="Open"/>
    public static SharedBarrierStatus GetStatus(string name, SharedObjectOptions? options = null) =>
        new(SegmentSnapshot.Take(Kind, name, options ?? new()));

    /// <summary>Looks at the barrier without disturbing it.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public SharedBarrierStatus GetStatus() => new(Segment.TakeSnapshot());

    /// <summary>Adds a member: from now on nobody passes without it, until it leaves. Disposing it leaves.</summary>
    /// <remarks>A member that is forgotten without being disposed stays one while the attachment lives.</remarks>
    /// <exception cref="InvalidOperationException">This attachment has <see cref="MembersMax"/> members.</exception>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public SharedBarrierMember Join()
    {
        BarrierJoin join = new(Segment.Slot);
        Driver.Run(Segment, ref join);
        return join.HasJoined
            ? new SharedBarrierMember(this)
            : throw new InvalidOperationException($"This attachment of {this} has {MembersMax} members; open it once more.");
    }

    /// <summary>
    /// Mends a broken barrier: a new round begins, in which nobody has arrived. Members that are alive stay members.
    /// Whoever waits just now is told
    /// <see cref="BarrierOutcome.Broken"/>, also when the barrier was whole.
    /// </summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public void Reset()
    {
        BarrierReset reset = default;
        Driver.Run(Segment, ref reset);
    }

    private static void Recover(SegmentMemory memory, int slot, bool proven)
    {
        BarrierRecovery recovery = new(slot, proven);
        Driver.Run(ref memory, ref recovery);
    }
}

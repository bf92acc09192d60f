namespace Isthmus;

/// <summary>
/// The central word of an owner-tracked semaphore. Low half: how many permits are available, whose operation was the last, and who waits. High
/// half: the number of that operation (as its doer counts, see <see cref="HeldWord"/>) and its kind. It tells what the doer's own word must become,
/// and whoever comes next brings that about before the next change: so a permit is always either available or held, whoever dies when.
/// </summary>
internal static class TrackedWord
{
    /// <summary>Where it stands.</summary>
    public const int Word = 0;

    /// <summary>The most permits.</summary>
    public const int Most = (int)AvailableMask;

    /// <summary>The bits of an operation's number that stand here.</summary>
    public const ulong NumberMask = (1UL << 30) - 1;

    private const ulong AvailableMask = (1UL << 20) - 1;
    private const int DoerShift = 20;
    private const ulong DoerMask = (1UL << 10) - 1;
    private const int NumberShift = 32;
    private const int KindShift = 62;

    /// <summary>The word of a new semaphore.</summary>
    public static ulong Initial(int permits) => (ulong)permits;

    public static int AvailableOf(ulong word) => (int)(word & AvailableMask);

    /// <summary>Whose operation was the last. To be checked before it is used.</summary>
    public static int DoerOf(ulong word) => (int)((word >> DoerShift) & DoerMask);

    public static ulong NumberOf(ulong word) => (word >> NumberShift) & NumberMask;

    public static TrackedKind KindOf(ulong word) => (TrackedKind)(word >> KindShift);

    /// <summary>The word after an operation of a slot. When it makes permits available, all flags were taken out of it.</summary>
    /// <param name="word">The word before, whose operation is finished.</param>
    /// <param name="slot">The doer.</param>
    /// <param name="held">The doer's own word before.</param>
    /// <param name="kind">What it does.</param>
    public static ulong After(ulong word, int slot, ulong held, TrackedKind kind)
    {
        int available = kind switch
        {
            TrackedKind.Acquire => AvailableOf(word) - 1,
            TrackedKind.Release => AvailableOf(word) + 1,
            _ => AvailableOf(word) + HeldWord.HeldOf(held),
        };
        ulong flags = kind == TrackedKind.Acquire ? word & (ulong)Waiters.All : 0;
        ulong number = (HeldWord.NumberOf(held) + 1) & NumberMask;
        // No more than fits can come out of memory that nobody has scribbled in.
        return ((ulong)kind << KindShift) | (number << NumberShift) | ((ulong)slot << DoerShift)
            | Math.Min((ulong)available, AvailableMask) | flags;
    }
}

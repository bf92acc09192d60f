namespace Isthmus;

/// <summary>
/// Who pays for the order between those who publish by plain stores and those who are going to sleep. Bits 0 and 1: nobody who publishes (0), everybody
/// for ever (1), everybody, as somebody has asked for (2), and nobody else any more (3). The rest is a version: a word that was left never comes again.
/// </summary>
/// <remarks>
/// A sleeper's fence for all (<see cref="GlobalFence"/>) costs a system call, and interrupts each CPU on which a process with such fences runs; a fence of
/// who publishes costs some ns, each time. So who sleeps often asks for those. They are in force when a fence for all was made after the asking: from then
/// on who publishes has either seen it, or was seen. Who is going to sleep looks at this word after it has left its flag: when the fences are in force
/// then, who publishes without one has begun after they were given up, and sees the flag.
/// </remarks>
internal static class FenceWord
{
    private const ulong ModeMask = 3, Always = 1, Asked = 2, InForce = 3, VersionStep = 4;

    /// <summary>Of a segment in which somebody cannot fence for all: it never changes.</summary>
    public const ulong ForEver = Always;

    /// <summary>Whether who publishes fences.</summary>
    public static bool IsAnyAsked(ulong word) => (word & ModeMask) != 0;

    /// <summary>Whether nobody fences for who publishes, and that may be changed.</summary>
    public static bool IsNoneAsked(ulong word) => (word & ModeMask) == 0;

    /// <summary>Whether who has seen this, and then fences for all, may say that they are in force.</summary>
    public static bool IsAsked(ulong word) => (word & ModeMask) == Asked;

    /// <summary>Whether who is going to sleep need not fence for all.</summary>
    public static bool IsInForce(ulong word) => (word & ModeMask) == InForce;

    /// <summary>The word after <see cref="IsNoneAsked"/>.</summary>
    public static ulong Ask(ulong word) => (word | Asked) + VersionStep;

    /// <summary>The word after <see cref="IsAsked"/>.</summary>
    public static ulong Confirm(ulong word) => word | InForce;

    /// <summary>The word after those who publish have fenced in vain for long.</summary>
    public static ulong GiveUp(ulong word) => word & ~ModeMask;
}

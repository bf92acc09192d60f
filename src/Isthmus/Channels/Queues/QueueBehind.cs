namespace Isthmus;

/// <summary>The word that says whether messages of a lane that were taken once are offered again: {pending:1 version:63}.</summary>
internal static class QueueBehind
{
    public static bool IsPending(ulong word) => (word & 1) != 0;

    public static ulong Raise(ulong word) => (word | 1) + 2;

    public static ulong Clear(ulong word) => word & ~1UL;
}

namespace Isthmus;

/// <summary>The two highest bits of a word's low half: who waits for it.</summary>
internal static class WaiterFlags
{
    public static Waiters Of(ulong word) => (Waiters)(uint)word & Waiters.All;

    public static ulong Without(ulong word) => word & ~(ulong)Waiters.All;
}

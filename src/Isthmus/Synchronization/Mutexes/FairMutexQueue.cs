namespace Isthmus;

/// <summary>
/// Those of one slot who wait for a fair mutex, and what they sleep on. They come in two batches, so that the threads of a slot do not pass each
/// other for ever: whoever comes while others wait is in the later batch, and that begins when the first has come in. Low half: the batch of now
/// and which of the two it is, how often they were called, how they wait. High half: the later batch, and how many occupants of the slot died.
/// </summary>
internal static class FairMutexQueue
{
    /// <summary>The most that can be in a batch.</summary>
    public const int BatchMax = (1 << CountBits) - 1;

    private const int CountBits = 14;
    private const ulong CountMask = BatchMax;
    private const ulong Which = 1u << CountBits;
    private const int CallsShift = CountBits + 1;
    private const ulong CallsMask = CountMask << CallsShift;
    private const ulong CallOne = 1u << CallsShift;
    private const int LaterShift = 32;
    private const ulong DeathOne = 1UL << (LaterShift + CountBits);
    private const ulong DeathsMask = ~(DeathOne - 1);

    /// <summary>Where it stands.</summary>
    public static int Word(int slot) => StateLayout.Slot(slot);

    public static int NowOf(ulong word) => (int)(word & CountMask);

    public static int LaterOf(ulong word) => (int)(word >> LaterShift & CountMask);

    public static bool HasWaiters(ulong word) => NowOf(word) > 0;

    /// <summary>Which of the two batches may come in.</summary>
    public static bool BatchOf(ulong word) => (word & Which) != 0;

    /// <summary>In which batch one more would be; null when that is full.</summary>
    public static bool? NextBatchOf(ulong word) =>
        NowOf(word) == 0 ? BatchOf(word) : LaterOf(word) < BatchMax ? !BatchOf(word) : null;

    /// <summary>The word after one more has come to wait.</summary>
    public static ulong Joined(ulong word, Waiters waiters) => (NowOf(word) == 0 ? word + 1 : word + (1UL << LaterShift)) | (ulong)waiters;

    /// <summary>The word after one of a batch has come in, or given up.</summary>
    public static ulong Left(ulong word, bool batch)
    {
        if (batch != BatchOf(word))
        {
            return word - (1UL << LaterShift);
        }
        ulong left = word - 1;
        return NowOf(left) > 0 ? left : ((left ^ Which) & ~(CountMask << LaterShift)) | (left >> LaterShift & CountMask);
    }

    /// <summary>The word after all were called, the flags taken out of it.</summary>
    public static ulong Called(ulong word) => (WaiterFlags.Without(word) & ~CallsMask) | ((word + CallOne) & CallsMask);

    /// <summary>The word after the death of the slot's occupant.</summary>
    public static ulong Recovered(ulong word) => (word & DeathsMask) + DeathOne;
}

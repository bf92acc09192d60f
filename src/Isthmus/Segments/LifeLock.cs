using System.Runtime.InteropServices;

namespace Isthmus;

/// <summary>
/// The lock on the first byte of a slot's record. It belongs to the description that the holder's mapping is made from, and is free exactly
/// when nobody can write through that mapping any more: the only proof of death.
/// </summary>
internal static class LifeLock
{
    /// <summary>Takes the lowest free one of the slots that are wanted; -1 when none is.</summary>
    public static int TakeFirst(SafeHandle file, int capacity, Func<int, bool> isWanted, string? name)
    {
        for (int slot = 0; slot < capacity; slot++)
        {
            if (isWanted(slot) && Call(file, name, new FileLockRange(SegmentLayout.Record(slot), 1)).Run(noWait: true, out _) == PollOutcome.Done)
            {
                return slot;
            }
        }
        return -1;
    }

    /// <summary>Gives it up, for all copies of the descriptor. A failure leaves it to the end of the description.</summary>
    public static void Release(SafeHandle file, int slot) => _ = Call(file, null, new FileLockRange(SegmentLayout.Record(slot), 1)).Unlock();

    /// <summary>Whether nobody holds it. Asked on a description that holds none itself.</summary>
    public static bool IsFree(SafeHandle file, int slot) =>
        Call(file, null, new FileLockRange(SegmentLayout.Record(slot), 1)).FindConflict() is null;

    /// <summary>Whether nobody holds any, nor another lock beyond the door byte, however many slots there are.</summary>
    public static bool AreAllFree(SafeHandle file) => Call(file, null, new FileLockRange(SegmentLayout.DoorByte + 1, 0)).FindConflict() is null;

    /// <summary>
    /// Whether nobody holds any lock on the file: nobody takes part, is just attaching, or cleans. It only asks, by any descriptor of it.
    /// </summary>
    public static bool IsNobodyThere(SafeHandle file) => Call(file, null, new FileLockRange(SegmentLayout.DoorByte, 0)).FindConflict() is null;

    private static FileLockCall Call(SafeHandle file, string? name, FileLockRange range) =>
        new(file, name, FileLockKind.Ofd, range, FileLockMode.Exclusive);
}

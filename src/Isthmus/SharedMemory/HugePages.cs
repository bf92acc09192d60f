using System.Numerics;
using Isthmus.Native;

namespace Isthmus;

/// <summary>Pages larger than usual, which the administrator reserves.</summary>
internal static class HugePages
{
    /// <summary>The bits that say how large, in the flags of memfd_create and of shmget alike.</summary>
    public static int Flags(long size) => BitOperations.Log2((ulong)size) << LibC.MAP_HUGE_SHIFT;

    /// <summary>Returns a size when it may be one.</summary>
    public static long? CheckSize(long? size) => size is null || (size > Environment.SystemPageSize && BitOperations.IsPow2(size.Value))
        ? size
        : throw new ArgumentOutOfRangeException(nameof(size), size, "It must be a power of two, and more than an ordinary page.");

    /// <summary>Their memory consists of whole pages.</summary>
    public static void CheckLength(long length, long size)
    {
        if (length % size != 0)
        {
            throw new ArgumentException($"{length} bytes are not whole pages of {size} bytes.", nameof(length));
        }
    }

    /// <summary>What to do when there are none.</summary>
    public static string Hint(long size) =>
        $"Not so many free huge pages of {size} bytes: reserve some in /sys/kernel/mm/hugepages/hugepages-{size / 1024}kB/nr_hugepages";
}

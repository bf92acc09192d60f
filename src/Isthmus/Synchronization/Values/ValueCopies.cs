using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Isthmus;

/// <summary>Where the two copies of a value stand, and a value as words.</summary>
/// <param name="First">The first word of the first copy.</param>
internal readonly record struct ValueCopies<T>(int First)
    where T : unmanaged
{
    /// <summary>How many words a copy has; the last may be used in part.</summary>
    public static int Words => (Unsafe.SizeOf<T>() + sizeof(ulong) - 1) / sizeof(ulong);

    /// <summary>From one copy to the next: whole lines, because one is written while the other is read.</summary>
    public static int Stride => (Words + StateLayout.WordsPerLine - 1) / StateLayout.WordsPerLine * StateLayout.WordsPerLine;

    /// <summary>The word after the last of the second copy.</summary>
    public int End => First + (2 * Stride);

    /// <summary>A word of a copy.</summary>
    public int WordOf(long version, int index) => First + ((int)(version & 1) * Stride) + index;

    public static ulong Get(ref T value, int index)
    {
        ReadOnlySpan<byte> bytes = BytesOf(ref value)[(index * sizeof(ulong))..];
        if (bytes.Length >= sizeof(ulong))
        {
            return MemoryMarshal.Read<ulong>(bytes);
        }
        ulong word = 0;
        bytes.CopyTo(MemoryMarshal.AsBytes(new Span<ulong>(ref word)));
        return word;
    }

    public static void Set(ref T value, int index, ulong word)
    {
        Span<byte> bytes = BytesOf(ref value)[(index * sizeof(ulong))..];
        if (bytes.Length >= sizeof(ulong))
        {
            MemoryMarshal.Write(bytes, word);
            return;
        }
        MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in word))[..bytes.Length].CopyTo(bytes);
    }

    private static Span<byte> BytesOf(ref T value) => MemoryMarshal.AsBytes(new Span<T>(ref value));
}

using System.Collections;
using System.Runtime.CompilerServices;

namespace Isthmus.Inspection;

/// <summary>
/// A list in pieces that the garbage collector takes for small objects: one array of some megabytes for each look at the machine makes it collect
/// everything, again and again, and to grow that array copies it.
/// </summary>
internal sealed class ChunkedList<T> : IReadOnlyList<T>
    where T : struct
{
    // Far enough below the 85,000 bytes from which on objects are large.
    private const int ChunkBytes = 64 * 1024;

    private static readonly int s_shift = int.Log2(ChunkBytes / Unsafe.SizeOf<T>());

    private readonly List<T[]> _chunks = [];

    public int Count { get; private set; }

    public T this[int index]
    {
        get => At(index);
        set => At(index) = value;
    }

    public void Add(in T item)
    {
        if (Count >> s_shift == _chunks.Count)
        {
            _chunks.Add(new T[1 << s_shift]);
        }
        At(Count++) = item;
    }

    public IEnumerator<T> GetEnumerator()
    {
        int left = Count;
        foreach (T[] chunk in _chunks)
        {
            int count = Math.Min(left, chunk.Length);
            for (int at = 0; at < count; at++)
            {
                yield return chunk[at];
            }
            left -= count;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private ref T At(int index) => ref _chunks[index >> s_shift][index & ((1 << s_shift) - 1)];
}

using System.Runtime.InteropServices;
using System.Text;

namespace Isthmus;

/// <summary>
/// A null-terminated array of C strings, as <c>execve(2)</c> takes arguments and environment: pointers and bytes in one
/// block outside the managed heap, freed by <see cref="Dispose"/>.
/// </summary>
internal readonly unsafe ref struct NativeStrings : IDisposable
{
    private readonly byte** _block;

    /// <exception cref="ArgumentException">A string contains a NUL, which C cannot hold; <paramref name="what"/> names
    /// it.</exception>
    public NativeStrings(IReadOnlyList<string> strings, string what)
    {
        int bytes = 0;
        for (int i = 0; i < strings.Count; i++)
        {
            ThrowIfUnfit(strings[i], what);
            bytes = checked(bytes + Encoding.UTF8.GetByteCount(strings[i]) + 1);
        }
        int pointers = checked((strings.Count + 1) * sizeof(byte*));
        _block = (byte**)NativeMemory.Alloc((nuint)(pointers + bytes));
        byte* next = (byte*)_block + pointers;
        byte* end = next + bytes;
        for (int i = 0; i < strings.Count; i++)
        {
            _block[i] = next;
            next += Encoding.UTF8.GetBytes(strings[i], new Span<byte>(next, (int)(end - next)));
            *next++ = 0;
        }
        _block[strings.Count] = null;
    }

    public byte** Pointer => _block;

    public byte* First => _block[0];

    public void Dispose() => NativeMemory.Free(_block);

    private static void ThrowIfUnfit(string text, string what)
    {
        ArgumentNullException.ThrowIfNull(text, what);
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("It contains a NUL character, which ends a string for every program.", what);
        }
    }
}

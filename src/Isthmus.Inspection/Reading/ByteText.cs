using System.Buffers.Text;
using System.Diagnostics;

namespace Isthmus.Inspection;

/// <summary>Names of files below <c>/proc</c>, written as bytes with their NUL.</summary>
internal static class ByteText
{
    /// <summary>Room for the longest of them.</summary>
    public const int NameMax = 64;

    /// <summary>The number alone: <c>17</c>.</summary>
    public static ReadOnlySpan<byte> Name(int number, Span<byte> buffer) => Name(default, number, default, buffer);

    /// <summary>The number between two texts: <c>task/17/stat</c>.</summary>
    public static ReadOnlySpan<byte> Name(ReadOnlySpan<byte> before, int number, ReadOnlySpan<byte> after, Span<byte> buffer)
    {
        before.CopyTo(buffer);
        bool fits = Utf8Formatter.TryFormat(number, buffer[before.Length..], out int digits);
        Debug.Assert(fits, "A number has at most 11 digits.");
        int length = before.Length + digits;
        after.CopyTo(buffer[length..]);
        length += after.Length;
        buffer[length] = 0;
        return buffer[..(length + 1)];
    }
}

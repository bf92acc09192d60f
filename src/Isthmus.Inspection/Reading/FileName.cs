using System.Text;

namespace Isthmus.Inspection;

/// <summary>Names of files as the kernel prints them.</summary>
internal static class FileName
{
    private static ReadOnlySpan<byte> Deleted => " (deleted)"u8;

    /// <summary>Takes the mark off that the kernel puts behind the name of a file that has none any more.</summary>
    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> name, out bool isDeleted)
    {
        isDeleted = name.EndsWith(Deleted);
        return isDeleted ? name[..^Deleted.Length] : name;
    }

    /// <summary>Turns <c>\012</c> back into what it stands for: maps and mountinfo print blanks and line ends so.</summary>
    public static string Unescape(ReadOnlySpan<byte> text)
    {
        if (!text.Contains((byte)'\\'))
        {
            return Encoding.UTF8.GetString(text);
        }
        byte[] plain = new byte[text.Length];
        int length = 0;
        for (int at = 0; at < text.Length; at++)
        {
            bool isCode = text[at] == '\\' && at + 3 < text.Length && text[(at + 1)..(at + 4)].IndexOfAnyExceptInRange((byte)'0', (byte)'7') < 0;
            plain[length++] = isCode ? (byte)TextCursor.Octal(text[(at + 1)..(at + 4)]) : text[at];
            at += isCode ? 3 : 0;
        }
        return Encoding.UTF8.GetString(plain, 0, length);
    }
}

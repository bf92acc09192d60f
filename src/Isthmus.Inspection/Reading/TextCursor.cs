using System.Buffers.Text;

namespace Isthmus.Inspection;

/// <summary>Goes through a text of the kernel by lines and words, without copying: most files of <c>/proc</c> are made of both.</summary>
internal ref struct TextCursor(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _left = text;

    /// <summary>What has not been read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _left;

    public readonly bool IsAtEnd => _left.IsEmpty;

    /// <summary>The next line without its end; false when there is none.</summary>
    public bool TryReadLine(out ReadOnlySpan<byte> line)
    {
        if (_left.IsEmpty)
        {
            line = default;
            return false;
        }
        int end = _left.IndexOf((byte)'\n');
        line = end < 0 ? _left : _left[..end];
        _left = end < 0 ? default : _left[(end + 1)..];
        return true;
    }

    /// <summary>The next word, whatever blanks stand before it; empty at the end.</summary>
    public ReadOnlySpan<byte> ReadWord()
    {
        SkipBlanks();
        int end = _left.IndexOfAny((byte)' ', (byte)'\t', (byte)'\n');
        ReadOnlySpan<byte> word = end < 0 ? _left : _left[..end];
        _left = end < 0 ? default : _left[end..];
        return word;
    }

    public void SkipWords(int count)
    {
        for (; count > 0; count--)
        {
            ReadWord();
        }
    }

    public void SkipBlanks()
    {
        int start = _left.IndexOfAnyExcept((byte)' ', (byte)'\t');
        _left = start < 0 ? default : _left[start..];
    }

    /// <summary>The next word as a decimal number; 0 when it is none.</summary>
    public long ReadNumber() => Number(ReadWord());

    /// <summary>The next word as a hexadecimal number, with or without 0x; 0 when it is none.</summary>
    public ulong ReadHex() => Hex(ReadWord());

    public static long Number(ReadOnlySpan<byte> word) => Utf8Parser.TryParse(word, out long number, out _) ? number : 0;

    public static ulong Unsigned(ReadOnlySpan<byte> word) => Utf8Parser.TryParse(word, out ulong number, out _) ? number : 0;

    public static ulong Hex(ReadOnlySpan<byte> word)
    {
        word = word.StartsWith("0x"u8) ? word[2..] : word;
        return Utf8Parser.TryParse(word, out ulong number, out _, 'x') ? number : 0;
    }

    /// <summary>An octal number, as flags and modes are printed.</summary>
    public static int Octal(ReadOnlySpan<byte> word)
    {
        int number = 0;
        foreach (byte digit in word)
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                break;
            }
            number = (number * 8) + digit - '0';
        }
        return number;
    }

    /// <summary>A device as the kernel prints it, <c>fe:00</c> in hexadecimal.</summary>
    public static ulong Device(ReadOnlySpan<byte> word)
    {
        int colon = word.IndexOf((byte)':');
        return colon < 0 ? 0 : DeviceNumber.Of((uint)Hex(word[..colon]), (uint)Hex(word[(colon + 1)..]));
    }
}

namespace Isthmus.Inspection;

/// <summary>
/// A mapping as <c>/proc/PID/maps</c> prints it (<c>proc_pid_maps(5)</c>):
/// <c>7f6316392000-7f6316393000 rw-s 00000000 00:01 106468   /memfd:hey (deleted)</c>.
/// </summary>
internal readonly ref struct MapLine
{
    public ulong Start { get; init; }

    public ulong End { get; init; }

    public bool CanRead { get; init; }

    public bool CanWrite { get; init; }

    public bool CanExecute { get; init; }

    public bool IsShared { get; init; }

    public ulong Device { get; init; }

    public ulong Inode { get; init; }

    /// <summary>As printed, with its escapes and marks; empty for anonymous memory.</summary>
    public ReadOnlySpan<byte> Name { get; init; }

    public long Length => (long)(End - Start);

    /// <summary>False for lines that are no mapping's, such as those between two in smaps.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out MapLine map)
    {
        map = default;
        TextCursor words = new(line);
        ReadOnlySpan<byte> range = words.ReadWord();
        int dash = range.IndexOf((byte)'-');
        if (dash <= 0)
        {
            return false;
        }
        ReadOnlySpan<byte> access = words.ReadWord();
        if (access.Length < 4)
        {
            return false;
        }
        words.ReadWord();
        map = new MapLine
        {
            Start = TextCursor.Hex(range[..dash]),
            End = TextCursor.Hex(range[(dash + 1)..]),
            CanRead = access[0] == 'r',
            CanWrite = access[1] == 'w',
            CanExecute = access[2] == 'x',
            IsShared = access[3] == 's',
            Device = TextCursor.Device(words.ReadWord()),
            Inode = TextCursor.Unsigned(words.ReadWord()),
            Name = RestOf(words),
        };
        return true;
    }

    private static ReadOnlySpan<byte> RestOf(TextCursor words)
    {
        words.SkipBlanks();
        return words.Rest;
    }
}

using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Isthmus.Cli;

/// <summary>Sizes as people write them: <c>64</c>, <c>4K</c>, <c>4KiB</c>, <c>1M</c>, <c>2G</c>; powers of 1,024.</summary>
internal static class ByteSize
{
    public static string Format(int bytes) => bytes switch
    {
        >= 1 << 20 when bytes % (1 << 20) == 0 => $"{bytes >> 20} MiB",
        >= 1 << 10 when bytes % (1 << 10) == 0 => $"{bytes >> 10} KiB",
        _ => $"{bytes} B",
    };

    /// <summary>Of a message: at least 1 byte, and less than 2 GiB.</summary>
    public static bool TryParse(string text, out int bytes)
    {
        bool valid = TryParse(text, out long size) && size is > 0 and <= int.MaxValue;
        bytes = valid ? (int)size : 0;
        return valid;
    }

    public static bool TryParse(string text, out long bytes)
    {
        string number = text.TrimEnd('B', 'i');
        int shift = number.Length == 0 ? 0 : char.ToUpperInvariant(number[^1]) switch { 'K' => 10, 'M' => 20, 'G' => 30, _ => 0 };
        number = shift == 0 ? number : number[..^1];
        bool valid = long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value <= long.MaxValue >> shift;
        bytes = valid ? value << shift : 0;
        return valid;
    }

    /// <summary>An option that takes a size or an offset in bytes; null when it is not given.</summary>
    public static Option<long?> Option(string name, string description, long least = 0, long most = long.MaxValue) =>
        new(name) { Description = description, HelpName = "bytes", CustomParser = argument => Parse(argument, name, least, most) };

    private static long? Parse(ArgumentResult argument, string name, long least, long most)
    {
        string text = argument.Tokens[0].Value;
        if (!TryParse(text, out long bytes))
        {
            argument.AddError($"'{text}' is no number of bytes. Write it with or without a unit: 4096, 64K, 1M, 2G.");
        }
        else if (bytes < least || bytes > most)
        {
            NumberOption.AddOutOfBounds(argument, name, least, most);
        }
        else
        {
            return bytes;
        }
        return null;
    }
}

using System.Globalization;

namespace Isthmus.Cli.Bench;

/// <summary>Sizes as people write them: <c>64</c>, <c>4K</c>, <c>4KiB</c>, <c>1M</c>; powers of 1,024.</summary>
internal static class ByteSize
{
    public static string Format(int bytes) => bytes switch
    {
        >= 1 << 20 when bytes % (1 << 20) == 0 => $"{bytes >> 20} MiB",
        >= 1 << 10 when bytes % (1 << 10) == 0 => $"{bytes >> 10} KiB",
        _ => $"{bytes} B",
    };

    public static bool TryParse(string text, out int bytes)
    {
        string number = text.TrimEnd('B', 'i');
        int shift = number.Length == 0 ? 0 : char.ToUpperInvariant(number[^1]) switch { 'K' => 10, 'M' => 20, _ => 0 };
        number = shift == 0 ? number : number[..^1];
        bytes = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value <= int.MaxValue >> shift ? value << shift : 0;
        return bytes > 0;
    }
}

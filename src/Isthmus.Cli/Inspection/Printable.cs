using System.Globalization;
using System.Text;

namespace Isthmus.Cli.Inspection;

/// <summary>Names that others have chosen, made safe for a terminal and for one line: what is no character to see is written as its number.</summary>
internal static class Printable
{
    public static string Of(string text)
    {
        if (!text.Any(IsHidden))
        {
            return text;
        }
        StringBuilder safe = new();
        foreach (char each in text)
        {
            safe.Append(IsHidden(each) ? Escape(each) : each.ToString());
        }
        return safe.ToString();
    }

    private static string Escape(char each) => each <= 0xFF
        ? string.Create(CultureInfo.InvariantCulture, $"\\x{(int)each:x2}")
        : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)each:x4}");

    // Controls, and marks that change the direction of what stands behind them.
    private static bool IsHidden(char each) => char.IsControl(each) || char.GetUnicodeCategory(each) is UnicodeCategory.Format;
}

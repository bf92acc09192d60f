using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Isthmus.Cli.FileLocks;

/// <summary>
/// Bytes of a file on the command line: <c>A:B</c>, from byte A up to, not including, byte B; <c>A:</c> for all from A on.
/// </summary>
internal static class ByteRange
{
    public static Option<FileLockRange?> Option() => new("--range")
    {
        Description = "Lock bytes A up to, not including, B; A: for all from A on. The whole file unless given.",
        HelpName = "A:B",
        CustomParser = Parse,
    };

    public static string Format(FileLockRange range) => string.Create(
        CultureInfo.InvariantCulture, $"{range.Start}:{(range.Length == 0 ? "" : (range.Start + range.Length).ToString(CultureInfo.InvariantCulture))}");

    private static FileLockRange? Parse(ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value;
        if (text.Split(':') is [string first, string end]
            && long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out long start))
        {
            if (end.Length == 0)
            {
                return new FileLockRange(start, 0);
            }
            if (long.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out long beyond) && beyond > start)
            {
                return new FileLockRange(start, beyond - start);
            }
        }
        argument.AddError($"'{text}' is no range. Write A:B with A less than B, or A: for all from A on.");
        return null;
    }
}

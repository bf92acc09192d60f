using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Isthmus.Cli;

/// <summary>Durations on the command line: a number with a unit (<c>250ms</c>, <c>1.5s</c>, <c>2m</c>, <c>1h</c>), seconds without.</summary>
internal static class Duration
{
    /// <summary>The longest: what timers of .NET can count, in whole days.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(49);

    // Longer suffixes first: "ms" ends with "s" too.
    private static readonly (string Suffix, double Seconds)[] s_units =
        [("ms", 1e-3), ("us", 1e-6), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400), ("", 1)];

    /// <summary>An option that takes a duration; null when it is not given.</summary>
    public static Option<TimeSpan?> Option(string name, string description) =>
        new(name) { Description = description, HelpName = "duration", CustomParser = Parse };

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        (string suffix, double seconds) = s_units.First(unit => text.EndsWith(unit.Suffix, StringComparison.Ordinal));
        string number = text[..^suffix.Length];
        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            || !(value * seconds <= Longest.TotalSeconds)) // Not a number fails too.
        {
            return false;
        }
        duration = TimeSpan.FromSeconds(value * seconds);
        return true;
    }

    private static TimeSpan? Parse(ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value;
        if (TryParse(text, out TimeSpan duration))
        {
            return duration;
        }
        argument.AddError($"'{text}' is no duration. Write a number and a unit, at most {Longest.Days}d: 250ms, 1.5s, 2m, 1h.");
        return null;
    }
}

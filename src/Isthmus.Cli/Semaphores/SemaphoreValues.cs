using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Isthmus.Cli.Semaphores;

/// <summary><c>--value N[,N…]</c>: one for all semaphores of a set, or one for each.</summary>
internal static class SemaphoreValues
{
    public static Option<int[]> Option() => new("--value")
    {
        Description = "The units at first; of a set one number for all, or one for each. 1 by default: a lock.",
        HelpName = "n[,n...]",
        CustomParser = Parse,
        DefaultValueFactory = _ => [1],
    };

    /// <summary>As many as the set has semaphores.</summary>
    public static int[] Spread(int[] values, int count) => values.Length switch
    {
        1 => [.. Enumerable.Repeat(values[0], count)],
        _ when values.Length == count => values,
        _ => throw new CliException($"There are {values.Length} values for {count} semaphores: give one, or one for each."),
    };

    private static int[] Parse(ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value;
        List<int> values = [];
        foreach (string part in text.Split(','))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int value))
            {
                argument.AddError($"'{text}' are no values. Write numbers from 0: 1, or 1,0,5 for a set.");
                break;
            }
            values.Add(value);
        }
        return [.. values];
    }
}

using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Isthmus.Cli;

/// <summary>Options that take a whole number within bounds, and say which when they are given another.</summary>
internal static class NumberOption
{
    /// <summary>Null when it is not given.</summary>
    public static Option<T?> Create<T>(string name, string description, T least, T most)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T> => new(name)
        {
            Description = description,
            HelpName = "n",
            CustomParser = argument => Parse(argument, name, least, most),
        };

    private static T? Parse<T>(ArgumentResult argument, string name, T least, T most)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (T.TryParse(argument.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out T value)
            && value >= least && value <= most)
        {
            return value;
        }
        AddOutOfBounds(argument, name, least, most);
        return null;
    }

    /// <summary>Says which numbers the option takes.</summary>
    public static void AddOutOfBounds<T>(ArgumentResult argument, string name, T least, T most)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        string from = least == T.MinValue ? "" : $" from {least}";
        string to = most == T.MaxValue ? "" : $" to {most}";
        argument.AddError($"{name} is a number{from}{to}.");
    }
}

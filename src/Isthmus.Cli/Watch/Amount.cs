using System.Globalization;

namespace Isthmus.Cli.Watch;

/// <summary>Numbers in four characters or so, for columns that are looked at from afar.</summary>
internal static class Amount
{
    private const string Prefixes = " kMGTP";

    /// <summary><c>950</c>, <c>1.2k</c>, <c>34M</c>: in powers of a thousand.</summary>
    public static string Of(double value) => Format(value, 1000);

    /// <summary><c>1.2M</c>: in powers of 1,024, as memory is counted.</summary>
    public static string Bytes(double value) => Format(value, 1024);

    private static string Format(double value, double step)
    {
        int power = 0;
        // 999.6 would be printed with one digit more.
        while (value >= step - 0.5 && power < Prefixes.Length - 1)
        {
            value /= step;
            power++;
        }
        string digits = value.ToString(power > 0 && value < 9.95 ? "F1" : "F0", CultureInfo.InvariantCulture);
        return power == 0 ? digits : digits + Prefixes[power];
    }
}

using System.Globalization;

namespace Isthmus.Cli.Bench;

/// <summary>Figures for people: three digits and a unit that fits.</summary>
internal static class Quantity
{
    public static string Time(double nanoseconds) => nanoseconds switch
    {
        < 1e3 => Digits(nanoseconds) + " ns",
        < 1e6 => Digits(nanoseconds / 1e3) + " µs",
        < 1e9 => Digits(nanoseconds / 1e6) + " ms",
        _ => Digits(nanoseconds / 1e9) + " s",
    };

    public static string Bandwidth(double bytesPerSecond) => bytesPerSecond switch
    {
        < 1e6 => Digits(bytesPerSecond / 1e3) + " kB/s",
        < 1e9 => Digits(bytesPerSecond / 1e6) + " MB/s",
        _ => Digits(bytesPerSecond / 1e9) + " GB/s",
    };

    public static string Rate(double perSecond) => perSecond switch
    {
        < 1e3 => Digits(perSecond) + "/s",
        < 1e6 => Digits(perSecond / 1e3) + " k/s",
        _ => Digits(perSecond / 1e6) + " M/s",
    };

    public static string Of(BenchResult result) => result.Unit switch
    {
        "ns" => Time(result.Value),
        "bytes/s" => Bandwidth(result.Value),
        "ratio" => Ratio(result.Value),
        _ => Rate(result.Value),
    };

    public static string Times(double ratio) => Digits(ratio) + " ×";

    public static string Ratio(double ratio) => ratio.ToString("0.00", CultureInfo.InvariantCulture);

    public static string Percent(double part) => (part * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    private static string Digits(double value) =>
        value.ToString(value switch { < 10 => "0.00", < 100 => "0.0", _ => "0" }, CultureInfo.InvariantCulture);
}

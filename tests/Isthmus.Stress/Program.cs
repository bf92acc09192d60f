using System.Globalization;
using Isthmus.Stress.Channels;

namespace Isthmus.Stress;

/// <summary>
/// What takes too long for every test run: <c>dotnet run -c Release --project tests/Isthmus.Stress -- spawn --count 10000</c>.
/// A family is one class and one line below; it prints its figures and throws when a promise is broken. What is counted, and whether
/// more arguments follow, is the family's business.
/// </summary>
internal static class Program
{
    private static readonly Dictionary<string, Func<int, string[], Task>> s_families = new()
    {
        ["crashes"] = (count, _) => CrashStress.RunAsync(count),
        ["explore"] = ExploreStress.RunAsync,
        ["fuzz"] = FuzzStress.RunAsync,
        ["hostile"] = HostileStress.RunAsync,
        ["linearizability"] = (count, _) => LinearizabilityStress.RunAsync(count),
        ["signals"] = SignalStress.RunAsync,
        ["soak"] = SoakStress.RunAsync,
        ["spawn"] = (count, _) => SpawnStress.RunAsync(count),
        ["storm"] = StormStress.RunAsync,
        ["waiters"] = (count, _) => WaitersStress.RunAsync(count),
    };

    public static async Task<int> Main(string[] args)
    {
        if (args is not [string name, "--count" or "--schedules", string text, .. string[] rest]
            || !s_families.TryGetValue(name, out Func<int, string[], Task>? family)
            || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count))
        {
            string families = string.Join(", ", s_families.Keys);
            Console.Error.WriteLine($"Usage: Isthmus.Stress FAMILY --count N [ARGS...] (explore: --schedules N), where FAMILY is one of: {families}.");
            return 2;
        }
        await family(count, rest);
        return 0;
    }
}

namespace Isthmus.Cli.Stress;

/// <summary>
/// What can be stressed. Each family is one file that adds itself here from a module initializer: a new one is dropped in and nothing else is
/// touched. Initializers run in no promised order, hence the order by name.
/// </summary>
internal static class StressCatalog
{
    private static readonly List<StressFamily> s_families = [];

    public static IReadOnlyList<StressFamily> Families => [.. s_families.OrderBy(family => family.Name, StringComparer.Ordinal)];

    public static void Add(StressFamily family) => s_families.Add(family);

    public static StressFamily? Find(string name) => s_families.Find(family => family.Name == name);
}

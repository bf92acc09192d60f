using System.Globalization;
using Isthmus.Tests.Explorer;

namespace Isthmus.Stress;

/// <summary>
/// The explorer at length: for each primitive and each memory model all that can happen to a few participants, and as many
/// schedules of more participants as are asked for: <c>explore --schedules 1000000 --seed 7</c>; of one primitive only: <c>--only barrier</c>.
/// </summary>
internal static class ExploreStress
{
    public static Task RunAsync(int schedules, string[] args)
    {
        (int seed, string? only) = args switch
        {
            [] => (1, null),
            ["--seed", string text] => (Seed(text), null),
            ["--only", string name] => (1, name),
            ["--seed", string text, "--only", string name] => (Seed(text), name),
            _ => throw new ArgumentException($"explore --schedules N [--seed S] [--only NAME] does not know {string.Join(' ', args)}.", nameof(args)),
        };
        foreach (Suite suite in Suites.All.Where(suite => only is null || suite.Name == only))
        {
            Run([.. Samples(suite, schedules, seed), .. Wholes(suite)]);
        }
        return Task.CompletedTask;
    }

    private static int Seed(string text) => int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static void Run(Func<string>[] parts) =>
        Parallel.ForEach(parts, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, part => Console.WriteLine(part()));

    private static IEnumerable<Func<string>> Wholes(Suite suite) =>
        from order in Enum.GetValues<MemoryOrder>()
        from scenario in suite.Whole.Index()
        select (Func<string>)(() =>
        {
            Exploration all = Explore.All(scenario.Item with { Order = order });
            string checkedAll = Checked(all, $"{suite.Name}, {order}, whole {scenario.Index + 1}: {all.States:N0} states, {all.Moves:N0} moves");
            return all.IsComplete ? checkedAll : $"{checkedAll}, and not to the end: there are more than can be explored";
        });

    private static IEnumerable<Func<string>> Samples(Suite suite, int schedules, int seed)
    {
        MemoryOrder[] orders = Enum.GetValues<MemoryOrder>();
        int each = (int)Math.Ceiling((double)schedules / (orders.Length * suite.Sampled.Length));
        return
            from order in orders
            from scenario in suite.Sampled.Index()
            select (Func<string>)(() =>
            {
                Exploration some = Explore.Some(scenario.Item with { Order = order }, each, seed);
                return Checked(some, $"{suite.Name}, {order}, sampled {scenario.Index + 1}: {each:N0} schedules, {some.Moves:N0} moves");
            });
    }

    private static string Checked(Exploration exploration, string figures) => exploration.Violation is { } violation
        ? throw new InvalidOperationException($"{figures}: {violation}")
        : $"{figures}, 0 violations";
}

using System.Diagnostics;
using Spectre.Console;

namespace Isthmus.Cli.Bench;

/// <summary>Runs the benchmark with a bar for each suite, when standard error is a terminal.</summary>
internal static class BenchProgress
{
    // Seldom, and between rounds only: drawing takes a CPU that may be one of the two measured ones.
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(250);

    public static async Task<BenchReport> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        if (Console.IsErrorRedirected)
        {
            using BenchRun quiet = new(options, (_, _, _) => { }, cancellationToken);
            return await quiet.RunAsync();
        }
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Progress().AutoRefresh(false).AutoClear(true).HideCompleted(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context => RunAsync(context, options, cancellationToken));
    }

    private static async Task<BenchReport> RunAsync(ProgressContext context, BenchOptions options, CancellationToken cancellationToken)
    {
        Dictionary<string, ProgressTask> bars = BenchCatalog.Suites.Where(suite => options.WantsSuite(suite.Name))
            .ToDictionary(suite => suite.Name, suite => context.AddTask(suite.Name, maxValue: 1));
        long drawn = 0;
        using BenchRun run = new(options, Report, cancellationToken);
        return await run.RunAsync();

        void Report(Suite suite, double fraction, string what)
        {
            ProgressTask bar = bars[suite.Name];
            bar.Value = fraction;
            bar.Description = Markup.Escape($"{suite.Name,-10} {what,-30}");
            if (fraction >= 1 || Stopwatch.GetElapsedTime(drawn) > s_period)
            {
                drawn = Stopwatch.GetTimestamp();
                context.Refresh();
            }
        }
    }
}

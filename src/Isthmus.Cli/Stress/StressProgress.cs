using System.Globalization;
using Spectre.Console;

namespace Isthmus.Cli.Stress;

/// <summary>Runs with a bar, when standard error is a terminal.</summary>
internal static class StressProgress
{
    public static async Task<StressReport> RunAsync(StressFamily family, StressOptions options, CancellationToken cancellationToken)
    {
        if (Console.IsErrorRedirected)
        {
            using StressRun quiet = new(family, options, _ => { });
            return await quiet.RunAsync(cancellationToken);
        }
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                ProgressTask bar = context.AddTask(family.Name, maxValue: 1);
                using StressRun run = new(family, options, Report);
                return await run.RunAsync(cancellationToken);

                void Report(StressRun now)
                {
                    bar.Value = now.Fraction;
                    bar.Description = string.Create(CultureInfo.InvariantCulture, $"{family.Name}  {now.Kills} killed, {now.Pauses} paused");
                }
            });
    }
}

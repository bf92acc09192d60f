using System.CommandLine;
using System.Globalization;
using Isthmus.Cli.Stress;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus stress</c>: real processes hammer real objects on this machine, while some are killed and others paused.</summary>
internal static class StressCommand
{
    private const int KillsDefault = 100, PausesDefault = 50, Most = 1_000_000, ProcessesLeast = 2, ProcessesMost = 32;

    private static readonly Argument<string> s_family = new("family")
    {
        Description = string.Join(", ", StressCatalog.Families.Select(family => family.Name)) + ".",
    };

    private static readonly Option<int?> s_kills = NumberOption.Create("--kills", $"How many processes are killed; {KillsDefault} by default.", 0, Most);

    private static readonly Option<int?> s_pauses = NumberOption.Create(
        "--pauses", $"How often one is paused, for up to 0.3 s; {PausesDefault} by default.", 0, Most);

    private static readonly Option<TimeSpan?> s_duration = Duration.Option(
        "--duration", "How long at least; kills and pauses are spread over it. As long as they take by default.");

    private static readonly Option<int?> s_seed = NumberOption.Create(
        "--seed", "Chooses the same victims, moments and moves again; what the machine does between them differs.", 0, int.MaxValue);

    private static readonly Option<int?> s_processes = NumberOption.Create(
        "--processes", "How many take part at a time.", ProcessesLeast, ProcessesMost);

    private static readonly Option<bool> s_json = new("--json") { Description = "Print JSON." };

    private static readonly Option<StressFault> s_fault = new("--fault") { Description = "Let something go wrong.", Hidden = true };

    public static Command Create()
    {
        CliCommand command = new("stress", "Let processes use an object while others are killed and paused, and account for everything they do.")
        {
            Examples = ["isthmus stress mutex", "isthmus stress mutex --kills 2000 --pauses 1000 --json", "isthmus stress mutex --duration 10m --seed 7"],
            Arguments = { s_family },
            Options = { s_kills, s_pauses, s_duration, s_seed, s_processes, s_json, s_fault },
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        string name = line.GetRequiredValue(s_family);
        StressFamily family = StressCatalog.Find(name) ?? throw new CliException(
            $"There is no family '{name}'. Choose from {string.Join(", ", StressCatalog.Families.Select(each => each.Name))}.");
        StressReport report = await StressProgress.RunAsync(family, Options(line, family), cancellationToken);
        if (line.GetValue(s_json))
        {
            JsonDocument.Write(JsonStress.Of(report), JsonModel.Default.JsonStress);
        }
        else
        {
            Print(family, report);
        }
        return report.Violations.Count == 0 ? ExitCode.Done : ExitCode.No;
    }

    private static StressOptions Options(ParseResult line, StressFamily family)
    {
        StressFault fault = line.GetValue(s_fault);
        return fault == StressFault.None || family.Faults.Contains(fault)
            ? new StressOptions(
                line.GetValue(s_kills) ?? KillsDefault,
                line.GetValue(s_pauses) ?? PausesDefault,
                line.GetValue(s_duration),
                line.GetValue(s_seed) ?? Disruptions.NewSeed(),
                line.GetValue(s_processes) ?? family.Processes,
                fault)
            : throw new CliException($"{family.Name} has no such fault. Choose from {string.Join(", ", family.Faults)}.");
    }

    private static void Print(StressFamily family, StressReport report)
    {
        PrintRow("family", $"{report.Family}: {family.Promise}");
        PrintRow("seed", $"{report.Options.Seed}");
        PrintRow("processes", $"{report.Options.Processes} at a time, for {report.Elapsed.TotalSeconds:0.0} s");
        PrintRow("turns", $"{report.Turns}");
        PrintRow("kills", $"{report.Kills}");
        PrintRow("pauses", $"{report.Pauses}");
        PrintRow("recoveries", $"{report.Recoveries.Count} of what the killed held; {report.Recoveries.DuringPauses} more during pauses");
        PrintSpread("since death", report.Recoveries.SinceDeath);
        PrintSpread("since kill", report.Recoveries.SinceKill);
        PrintRow("longest wait", $"{report.LongestWait.TotalMilliseconds:0} ms without a reason");
        foreach ((string name, long value) in report.Figures)
        {
            PrintRow(name, $"{value}");
        }
        PrintRow("violations", report.Violations.Count == 0 ? (FormattableString)$"none" : $"{report.Violations.Count}, with seed {report.Options.Seed}");
        foreach (string violation in report.Violations)
        {
            Console.WriteLine("  " + violation);
        }
    }

    private static void PrintSpread(string label, RecoveryTimes.Spread times)
    {
        if (times.Count > 0)
        {
            PrintRow(
                "  " + label,
                $"p50 {Text(times.Median)}, p99 {Text(times.Percentile99)}, longest {Text(times.Longest)}");
        }
    }

    private static string Text(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.000} ms");

    private static void PrintRow(string label, FormattableString value) =>
        Console.WriteLine($"{label + ":",-15}{value.ToString(CultureInfo.InvariantCulture)}");
}

using System.CommandLine;
using Isthmus.Cli.Bench;
using Spectre.Console;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus bench</c>: measures every mechanism between two real processes, compares every byte, and says which to choose.</summary>
internal static class BenchCommand
{
    private static readonly Option<string[]> s_suites = new("--suite")
    {
        Description = "Run only this suite; may be repeated. limits, latency, throughput, scaling, switching, spawn, cost, contended, inspect.",
        HelpName = "name",
    };

    private static readonly Option<string[]> s_mechanisms = new("--mechanism")
    {
        Description = "Measure only this mechanism with its variants, or this one row; may be repeated. pipe, unix-stream-async, c:eventfd, ...",
        HelpName = "name",
    };

    private static readonly Option<string[]> s_sizes = new("--size")
    {
        Description = "Measure only messages of this size (64, 4K, 1M); may be repeated.",
        HelpName = "bytes",
    };

    private static readonly Option<TimeSpan?> s_duration = Duration.Option("--duration", "Measuring time of each suite, instead of its own.");

    private static readonly Option<bool> s_quick = new("--quick") { Description = "Fewer sizes, and seconds for each suite; for a first look." };

    private static readonly Option<bool> s_json = new("--json") { Description = "Print one JSON object instead of tables." };

    private static readonly Option<string?> s_html = new("--html")
    {
        Description = "Write the report with its charts to this file, too: one page that needs nothing else.",
        HelpName = "file",
        CustomParser = FilePath.Parse,
    };

    private static readonly Option<PeerFault> s_fault = new("--fault") { Description = "Let the peer do something wrong.", Hidden = true };

    private static readonly Option<TimeSpan?> s_patience = Hidden(
        Duration.Option("--patience", "How long a reference program may take for an answer, before it is taken to hang."));

    public static Command Create()
    {
        CliCommand command = new("bench", "Measure every mechanism on this machine, with all bytes checked, and say which to choose.")
        {
            Examples =
            [
                "isthmus bench",
                "isthmus bench --quick --html bench.html",
                "isthmus bench --suite latency --mechanism pipe --mechanism unix-stream --size 64",
                "isthmus bench --quick --json > bench.json",
            ],
        };
        foreach (Option option in new Option[] { s_suites, s_mechanisms, s_sizes, s_duration, s_quick, s_json, s_html, s_fault, s_patience })
        {
            command.Add(option);
        }
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        BenchOptions options = Options(line);
        string? html = line.GetValue(s_html);
        if (html is not null)
        {
            CheckWritable(html);
        }
        BenchReport report;
        try
        {
            report = await BenchProgress.RunAsync(options, cancellationToken);
        }
        catch (CorruptDataException error)
        {
            throw new CliException(error.Message, ExitCode.No);
        }
        if (report.Results.Count + report.Missing.Count == 0)
        {
            throw new CliException($"No chosen mechanism carries messages of {string.Join(" or ", options.Sizes)} bytes.");
        }
        if (html is not null)
        {
            HtmlPage.Write(report, html);
        }
        if (line.GetValue(s_json))
        {
            JsonDocument.Write(BenchDocument.Of(report), JsonModel.Default.BenchDocument);
        }
        else
        {
            Print(report);
        }
        return ExitCode.Done;
    }

    private static void Print(BenchReport report)
    {
        IAnsiConsole console = AnsiConsole.Console;
        Console.WriteLine(report.Machine + "\n");
        foreach (TextTable table in ReportTables.Of(report))
        {
            table.Write(console);
        }
        foreach (string missing in MissingLines.Of(report))
        {
            Console.WriteLine("Not measured: " + missing);
        }
        foreach (string sentence in Verdict.Of(report))
        {
            Console.WriteLine(sentence);
        }
    }

    private static BenchOptions Options(ParseResult line)
    {
        string[] suites = line.GetValue(s_suites) ?? [];
        Check("suite", suites, [.. BenchCatalog.Suites.Select(suite => suite.Name)]);
        IReadOnlyList<Suite> chosen = [.. BenchCatalog.Suites.Where(suite => suites.Length == 0 || suites.Contains(suite.Name, StringComparer.Ordinal))];
        string[] mechanisms = line.GetValue(s_mechanisms) ?? [];
        string[] rows = [.. chosen.SelectMany(suite => suite.Rows).SelectMany(row => new[] { row.Family, row.Name }).Distinct()];
        Check("mechanism", mechanisms, rows);
        TimeSpan? duration = line.GetValue(s_duration);
        return duration <= TimeSpan.Zero
            ? throw new CliException("--duration must be longer than nothing; 1s is short, the suites' own times are 2 s to 60 s.")
            : new BenchOptions
            {
                Suites = suites,
                Mechanisms = mechanisms,
                Sizes = [.. (line.GetValue(s_sizes) ?? []).Select(text => Size(text, chosen))],
                Duration = duration,
                Quick = line.GetValue(s_quick),
                Fault = line.GetValue(s_fault),
                Patience = line.GetValue(s_patience) ?? new BenchOptions().Patience,
            };
    }

    private static Option<TimeSpan?> Hidden(Option<TimeSpan?> option)
    {
        option.Hidden = true;
        return option;
    }

    private static int Size(string text, IReadOnlyList<Suite> suites)
    {
        int[] sizes = [.. suites.SelectMany(suite => suite.Sizes).Distinct().Order()];
        return ByteSize.TryParse(text, out int size) && sizes.Contains(size)
            ? size
            : throw new CliException(sizes.Length == 0
                ? $"No chosen suite has message sizes; leave out --size {text}."
                : $"There is no size '{text}'. Choose from {string.Join(", ", sizes)}.");
    }

    private static void Check(string what, string[] wanted, string[] known)
    {
        if (wanted.FirstOrDefault(name => !known.Contains(name, StringComparer.Ordinal)) is string unknown)
        {
            throw new CliException($"There is no {what} '{unknown}'. Choose from {string.Join(", ", known)}.");
        }
    }

    // Before minutes of measuring, not after.
    private static void CheckWritable(string path)
    {
        using FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.Write);
    }
}

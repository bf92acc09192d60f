using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Isthmus.Cli.Commands;

/// <summary>
/// <c>isthmus run -- CMD…</c>: runs a command with properties that a shell cannot give it, ends as it ends, and is fit
/// to be the
/// first process of a container.
/// </summary>
internal static class RunCommand
{
    private static readonly Argument<string[]> s_command = new("command")
    {
        Description = "The program and its arguments, after --. No shell reads them.",
        HelpName = "CMD...",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<bool> s_dieWithParent = new("--die-with-parent")
    {
        Description = "Kill the command's process group when this tool has ended, even by SIGKILL.",
    };

    private static readonly Option<bool> s_newSession = new("--new-session")
    {
        Description = "Start it in a session of its own, without a controlling terminal.",
    };

    private static readonly Option<TimeSpan?> s_timeout = Duration.Option(
        "--timeout", "Stop it after this time: SIGTERM to its group, SIGKILL to what is left after --grace. Exit code 124.");

    private static readonly Option<TimeSpan?> s_grace = Duration.Option("--grace", "How long it may take to end after SIGTERM; 5s unless given.");

    private static readonly Option<ResourceLimit[]> s_limits = new("--limit")
    {
        Description = "Limit a resource: NAME=SOFT[:HARD], a number or 'unlimited'. Names: " + string.Join(", ", LimitNames.All) + ". May be repeated.",
        HelpName = "limit",
        CustomParser = ParseLimits,
        AllowMultipleArgumentsPerToken = false,
    };

    private static readonly Option<bool> s_report = new("--report") { Description = "Print on standard error how it ended and what it used." };

    private static readonly Option<bool> s_json = new("--json") { Description = "Print the report as JSON; with or without --report." };

    public static Command Create()
    {
        CliCommand command = new("run", "Run a command: forward signals, reap orphans, end with its exit code.")
        {
            RunsCommand = true,
            Examples =
            [
                "isthmus run --timeout 30s --report -- make test",
                "isthmus run --die-with-parent --limit descriptors=256 -- ./server --port 80",
            ],
            Arguments = { s_command },
            Options = { s_dieWithParent, s_newSession, s_timeout, s_grace, s_limits, s_report, s_json },
        };
        command.SetAction((line, _) => RunAsync(line));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult line)
    {
        string[] command = line.GetValue(s_command)!;
        ChildProcessOptions options = new()
        {
            FileName = command[0],
            Arguments = command[1..],
            Group = line.GetValue(s_newSession) ? ChildGroup.NewSession : ChildGroup.New,
            DiesWithParent = line.GetValue(s_dieWithParent),
            Limits = line.GetValue(s_limits) ?? [],
        };
        await using Subreaper reaper = Subreaper.Start();
        (ExitStatus status, bool timedOut) = await CommandRun.RunAsync(
            options, line.GetValue(s_timeout), line.GetValue(s_grace) ?? TimeSpan.FromSeconds(5));
        bool json = line.GetValue(s_json);
        if (json || line.GetValue(s_report))
        {
            ExitReport.Write(command, status, timedOut, reaper.ReapedCount, json);
        }
        return timedOut ? ExitCode.RunTimeout
            : status.ShellCode ?? throw new CliException($"'{command[0]}' has ended; its status is unknown.", ExitCode.RunFailed);
    }

    private static ResourceLimit[]? ParseLimits(ArgumentResult argument)
    {
        List<ResourceLimit> limits = [];
        foreach (Token token in argument.Tokens)
        {
            if (!LimitNames.TryParse(token.Value, out ResourceLimit? limit))
            {
                argument.AddError(string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{token.Value}' is no limit. Write NAME=SOFT or NAME=SOFT:HARD, NAME one of: {string.Join(", ", LimitNames.All)}."));
                return null;
            }
            limits.Add(limit);
        }
        return [.. limits];
    }
}

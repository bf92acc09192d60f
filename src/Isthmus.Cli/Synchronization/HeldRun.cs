using System.CommandLine;

namespace Isthmus.Cli.Synchronization;

/// <summary>
/// What <c>run NAME -- CMD…</c> takes, for objects that are held while a command runs. They are held by this tool, and the command does not inherit
/// them.
/// </summary>
internal sealed class HeldRun
{
    private const string AbandonedVariable = "ISTHMUS_ABANDONED";

    private readonly Argument<string[]> _command = new("command")
    {
        Description = "The program and its arguments, after --. No shell reads them.",
        HelpName = "CMD...",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<TimeSpan?> _timeout = Duration.Option(
        "--timeout", $"Give up, with exit code {ExitCode.RunTimeout}, when it is not free in time; 0 only tries.");

    private readonly Option<bool> _dieWithParent = new("--die-with-parent")
    {
        Description = "Kill the command's process group when this tool has ended, even by SIGKILL: nothing is held then.",
    };

    private HeldRun(Command command)
    {
        command.Add(_command);
        command.Add(_timeout);
        command.Add(_dieWithParent);
    }

    public static HeldRun AddTo(Command command) => new(command);

    /// <summary>How long to wait for what is to be held.</summary>
    public TimeSpan Timeout(ParseResult line) => line.GetValue(_timeout) ?? System.Threading.Timeout.InfiniteTimeSpan;

    /// <summary>It was not free in time.</summary>
    public static CliException TimedOut(string what) => new($"Timed out: {what}", ExitCode.RunTimeout);

    /// <summary>Refuses a command without a name before anything is held.</summary>
    public void Check(ParseResult line)
    {
        if (line.GetRequiredValue(_command)[0].Length == 0)
        {
            throw new CliException("The command has no name.", ExitCode.RunNotFound);
        }
    }

    /// <summary>Runs the command to its end; its exit code.</summary>
    public Task<int> RunAsync(ParseResult line) => RunAsync(line, new Dictionary<string, string?>());

    /// <summary>The same after the death of an owner, which the command is told by a variable of its environment, and the user by a warning.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="name">What the owner has died in.</param>
    public Task<int> RunAbandonedAsync(ParseResult line, string? name)
    {
        CommandLine.Warn(
            CommandLine.PathOf(line.CommandResult.Command),
            $"An owner died in '{name}': what it protects may be half changed. {AbandonedVariable}=1 tells the command.");
        return RunAsync(line, new Dictionary<string, string?> { [AbandonedVariable] = "1" });
    }

    private async Task<int> RunAsync(ParseResult line, Dictionary<string, string?> environment)
    {
        string[] command = line.GetRequiredValue(_command);
        ChildProcessOptions options = new()
        {
            FileName = command[0],
            Arguments = command[1..],
            Group = ChildGroup.New,
            DiesWithParent = line.GetValue(_dieWithParent),
            Environment = environment,
        };
        (ExitStatus status, _) = await CommandRun.RunAsync(options, null, TimeSpan.Zero);
        return status.ShellCode ?? throw new CliException($"'{command[0]}' has ended; its status is unknown.", ExitCode.RunFailed);
    }
}

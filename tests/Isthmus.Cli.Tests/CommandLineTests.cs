using System.CommandLine;
using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public void Help_shows_usage_and_examples()
    {
        (string output, int exitCode) = Tool.Run("completion", "--help");
        Assert.Contains("Usage:", output, StringComparison.Ordinal);
        Assert.Contains("Examples:", output, StringComparison.Ordinal);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public void Every_command_has_a_description_and_every_runnable_one_an_example() =>
        Assert.All(Runnable(CommandLine.CreateRoot()), command =>
        {
            Assert.False(string.IsNullOrEmpty(command.Description), CommandLine.PathOf(command));
            Assert.NotEmpty(Assert.IsType<CliCommand>(command).Examples);
        });

    [Fact]
    public void Every_example_parses() =>
        Assert.All(Runnable(CommandLine.CreateRoot()).OfType<CliCommand>().SelectMany(command => command.Examples), example =>
        {
            // What the shell does (redirections, pipes) is not the tool's.
            string line = example.Split([" < ", " > ", " | ", " && "], StringSplitOptions.None)
                .First(part => part.Contains("isthmus", StringComparison.Ordinal));
            Assert.Empty(CommandLine.CreateRoot().Parse(line[(line.IndexOf("isthmus", StringComparison.Ordinal) + 8)..]).Errors);
        });

    [Fact]
    public void A_line_that_begins_with_a_command_makes_that_one_only() =>
        Assert.All(CommandLine.CreateRoot().Subcommands, command =>
            Assert.Equal(command.Name, Assert.Single(CommandLine.CreateRootFor([command.Name, "--help"]).Subcommands).Name));

    [Theory]
    [InlineData]
    [InlineData("--help")]
    [InlineData("nope")]
    [InlineData("[suggest:1]", "q")]
    public void Any_other_line_makes_them_all(params string[] args) =>
        Assert.Equal(CommandLine.CreateRoot().Subcommands.Count, CommandLine.CreateRootFor(args).Subcommands.Count);

    [Fact]
    public void An_unknown_command_is_refused_in_one_line() => Tool.AssertFails(2, "'no-such-command'", "no-such-command");

    [Fact]
    public void A_missing_argument_is_refused_in_one_line() => Tool.AssertFails(2, "isthmus completion --help", "completion");

    [Theory]
    [InlineData(2, "A path is not empty", "fifo", "create", "")]
    [InlineData(2, "A path is not empty", "fifo", "info", "")]
    [InlineData(2, "A path is not empty", "fifo", "send", "")]
    [InlineData(2, "A path is not empty", "fifo", "receive", "")]
    [InlineData(2, "A path is not empty", "fifo", "unlink", "")]
    [InlineData(2, "A path is not empty", "bench", "--html", "")]
    [InlineData(2, "at most 49d", "fifo", "send", "x", "--timeout", "50d")]
    [InlineData(2, "at most 49d", "bench", "--duration", "1000000h")]
    [InlineData(2, "names no socket", "socket", "send", "unix:@")]
    [InlineData(2, "--size is a number from 1.", "shm", "create", "/x", "--size", "0")]
    [InlineData(2, "--value is a number.", "signal", "send", "1", "RTMIN+5", "--value", "x")]
    [InlineData(2, "--count is a number from 1.", "signal", "wait", "USR1", "--count", "x")]
    [InlineData(2, "--max-messages is a number from 1 to", "mq", "create", "/x", "--max-messages", "x")]
    [InlineData(2, "--backlog is a number from 1.", "socket", "create", "unix:@x", "--backlog", "x")]
    [InlineData(2, "names no socket", "socket", "send", "tcp:[]:80")]
    [InlineData(2, "'x' is no process number", "why", "x")]
    [InlineData(2, "'0' is no process number", "map", "1", "0")]
    [InlineData(2, "'x' is no process number", "signal", "info", "x")]
    [InlineData(125, "at most 49d", "run", "--timeout", "50d", "--", "true")]
    [InlineData(125, "at most 49d", "run", "--grace", "50d", "--", "true")]
    [InlineData(127, "no name", "run", "--", "")]
    [InlineData(2, "'--jsn' is no option here", "ls", "--jsn")]
    [InlineData(2, "'--nope' is no option here", "mutex", "create", "--nope")]
    [InlineData(125, "'--shard' is no option here", "lock", "run", "f", "--shard", "--", "true")]
    [InlineData(125, "'--nope' is no option here", "run", "--nope", "--", "true")]
    [InlineData(2, "is no name here", "semaphore", "create", "99999999999")]
    [InlineData(2, "must be less than or equal to '1'.\n", "semaphore", "create", "x", "--value", "2", "--max", "1")]
    [InlineData(2, "has no dot in front.\n", "semaphore", "create", "")]
    [InlineData(3, "bytes left", "shm", "create", "/isthmus-test-huge", "--size", "9223372036854775807")]
    [InlineData(1, "no process or object '\\x1b[31mx'", "show", "\e[31mx")]
    public void Input_that_makes_no_sense_is_refused_in_one_line(int exitCode, string says, params string[] args) =>
        Tool.AssertFails(exitCode, says, args);

    [Fact]
    public void What_begins_like_an_option_is_an_argument_behind_two_dashes() => Assert.Equal(("--x\n", 0), Tool.Run("run", "--", "echo", "--x"));

    [Theory]
    [InlineData("closed", ">&-")]
    [InlineData("No space left", ">/dev/full")]
    public void That_it_cannot_print_is_told_as_that(string says, string redirection)
    {
        (string output, int exitCode) = Peer.Run("sh", ["-c", $"'{Tool.Path}' ps {redirection}"]);
        Assert.StartsWith("isthmus ps: Standard output: ", output, StringComparison.Ordinal);
        Assert.Contains(says, output, StringComparison.Ordinal);
        Assert.Equal(3, exitCode);
    }

    [Fact]
    public void A_host_that_no_resolver_takes_is_refused_in_one_line() =>
        Tool.AssertFails(2, "names no socket", "socket", "send", $"tcp:{new string('a', 300)}:80");

    [Theory]
    [InlineData(2, 130)]
    [InlineData(15, 143)]
    public async Task The_signal_that_ends_a_command_is_its_exit_code(int signal, int exitCode)
    {
        using TemporaryDirectory directory = new();
        using SharedQueue queue = SharedQueue.Create("it", new() { Directory = directory.Root });
        using ChildProcess tool = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = Tool.Path,
            Arguments = ["queue", "receive", "it", "--directory", directory.Root],
        });
        await Eventually.IsTrue(() => queue.GetStatus().Waiters == 1);
        tool.Send(new Signal(signal));
        Assert.Equal(exitCode, (await tool.WaitAsync().OrHang()).Code);
    }

    private static IEnumerable<Command> Runnable(Command command) => command.Subcommands.Where(sub => !sub.Hidden)
        .SelectMany(sub => sub.Subcommands.Count == 0 ? [sub] : Runnable(sub));
}

using System.CommandLine;

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
    public void An_unknown_command_is_refused_in_one_line() => Tool.AssertFails(2, "'no-such-command'", "no-such-command");

    [Fact]
    public void A_missing_argument_is_refused_in_one_line() => Tool.AssertFails(2, "isthmus completion --help", "completion");

    private static IEnumerable<Command> Runnable(Command command) => command.Subcommands.Where(sub => !sub.Hidden)
        .SelectMany(sub => sub.Subcommands.Count == 0 ? [sub] : Runnable(sub));
}

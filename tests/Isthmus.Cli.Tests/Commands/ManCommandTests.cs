using System.CommandLine;

namespace Isthmus.Cli.Tests.Commands;

public sealed class ManCommandTests
{
    [Fact]
    public void The_page_names_every_command_and_option()
    {
        (string page, int exitCode) = Tool.Run("man");
        string plain = page.Replace(@"\-", "-", StringComparison.Ordinal);
        Assert.Equal(0, exitCode);
        Assert.StartsWith(".TH ISTHMUS 1", page, StringComparison.Ordinal);
        foreach (Command command in CommandLine.CreateRoot().Subcommands.Where(command => !command.Hidden))
        {
            Assert.Contains(CommandLine.PathOf(command), plain, StringComparison.Ordinal);
            Assert.All(command.Options.Where(option => !option.Hidden), option => Assert.Contains(option.Name, plain, StringComparison.Ordinal));
        }
    }
}

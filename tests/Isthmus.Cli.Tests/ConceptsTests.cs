using System.Text.RegularExpressions;
using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests;

/// <summary>docs/guide/concepts.md: each type that it names exists, and each command that it shows works.</summary>
public sealed partial class ConceptsTests
{
    private static readonly string s_page = Source.Read("docs/guide/concepts.md");

    public static TheoryData<string, string> Commands
    {
        get
        {
            TheoryData<string, string> commands = [];
            foreach (Match match in ShellBlock().Matches(s_page))
            {
                commands.Add(match.Groups["command"].Value, match.Groups["shows"].Value);
            }
            return commands;
        }
    }

    [Fact]
    public void Every_type_named_is_public() => Assert.All(
        TypesLine().Matches(s_page).SelectMany(line => TypeName().Matches(line.Value)).Select(match => match.Groups["name"].Value),
        name => Assert.NotNull(typeof(PosixException).Assembly.GetType("Isthmus." + name)));

    [Theory]
    [MemberData(nameof(Commands))]
    public void The_command_works_and_shows_what_the_page_says(string command, string shows)
    {
        using TemporaryDirectory directory = new();
        File.CreateSymbolicLink(directory["isthmus"], Tool.Path);
        (string output, int exitCode) = Peer.Run("bash", ["-c", $"PATH={directory.Root}:$PATH\n{command}"]);
        Assert.NotEqual("", output);
        Assert.Contains(shows, output, StringComparison.Ordinal);
        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public void What_the_page_says_is_shown_belongs_to_a_command() => Assert.Equal(
        s_page.Split('\n').Count(line => line.StartsWith("Shows ", StringComparison.Ordinal)),
        ShellBlock().Matches(s_page).Count(match => match.Groups["shows"].Success));

    [GeneratedRegex("^Types: .*$", RegexOptions.Multiline)]
    private static partial Regex TypesLine();

    [GeneratedRegex(@"`(?<name>[A-Z][a-z]\w+)")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"^```sh\n(?<command>.*?)\n```$(\n\nShows `(?<shows>[^`]+)`)?", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ShellBlock();
}

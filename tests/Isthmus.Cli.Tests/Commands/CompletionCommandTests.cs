using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests.Commands;

public sealed class CompletionCommandTests
{
    [Fact]
    public void Bash_completes_the_tools_commands_by_the_script()
    {
        using TemporaryDirectory directory = new();
        File.CreateSymbolicLink(directory["isthmus"], Tool.Path);
        File.WriteAllText(directory["script"], Tool.Run("completion", "bash").Output);
        string program = $"""
            PATH={directory.Root}:$PATH
            . {directory["script"]}
            COMP_LINE='isthmus comp' COMP_POINT=12
            _isthmus
            printf '%s\n' "$COMPREPLY[@]"
            """;
        (string output, _) = Peer.Run("bash", ["-c", program]);
        Assert.StartsWith("completion", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public void Each_shell_has_a_script(string shell)
    {
        (string output, int exitCode) = Tool.Run("completion", shell);
        Assert.Contains("isthmus", output, StringComparison.Ordinal);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public void An_unknown_shell_is_refused() => Tool.AssertFails(2, "tcsh", "completion", "tcsh");
}

using System.Globalization;
using Isthmus.Tests.Harness;
using Isthmus.Tests.Planted;

namespace Isthmus.Cli.Tests.Commands;

/// <summary>Looking at other users' processes without the right to: no failure, and an honest "not permitted".</summary>
public sealed class OtherUserTests
{
    [Theory]
    [InlineData("not permitted", "ls")]
    [InlineData("COMMAND", "ps")]
    [InlineData("not permitted", "show", "PID")]
    [InlineData("may not be looked at: not permitted (ptrace_scope)", "why", "PID")]
    public void The_command_works_and_says_what_it_may_not_see(string says, params string[] args)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only the superuser can become somebody else.");
        using Actor actor = Actor.Python("say(1); ask()");
        Assert.Equal("1", actor.ReadLine());
        string pid = actor.Id.ToString(CultureInfo.InvariantCulture);
        (string output, int exitCode) = Peer.Run(
            "setpriv",
            ["--reuid=65534", "--regid=65534", "--clear-groups", "--", Tool.Path, .. args.Select(word => word == "PID" ? pid : word)]);
        Assert.Contains(says, output, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", output, StringComparison.Ordinal);
        Assert.Equal(0, exitCode);
    }
}

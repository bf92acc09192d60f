using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests;

public sealed class HelpTests
{
    [Fact]
    public void Help_is_printed_and_exits_with_zero()
    {
        (string output, int exitCode) = Peer.Run(Path.Combine(AppContext.BaseDirectory, "Isthmus.Cli"), ["--help"]);
        Assert.Contains("Usage", output, StringComparison.Ordinal);
        Assert.Equal(0, exitCode);
    }
}

namespace Isthmus.Tests.Processes;

public sealed class ExitStatusTests
{
    [Theory]
    [InlineData(0x0000, "exited with 0", 0)]
    [InlineData(0x0300, "exited with 3", 3)]
    [InlineData(0xff00, "exited with 255", 255)]
    [InlineData(0x0009, "killed by SIGKILL (9)", 137)]
    [InlineData(0x008b, "killed by SIGSEGV (11), core dumped", 139)]
    [InlineData(0x0022, "killed by SIGRTMIN (34)", 162)]
    [InlineData(0x0021, "killed by SIG33 (33)", 161)]
    public void The_kernels_number_is_told_in_plain_words(int status, string text, int shellCode)
    {
        ExitStatus read = ExitStatus.FromWaitStatus(status);
        Assert.Equal(text, read.ToString());
        Assert.Equal(shellCode, read.ShellCode);
        Assert.Equal(status == 0, read.IsSuccess);
        Assert.True(read.IsKnown);
    }

    [Fact]
    public void Unknown_claims_nothing()
    {
        ExitStatus unknown = ExitStatus.Unknown;
        Assert.False(unknown.IsKnown);
        Assert.False(unknown.IsSuccess);
        Assert.Null(unknown.Code);
        Assert.Null(unknown.Signal);
        Assert.Null(unknown.ShellCode);
        Assert.Null(unknown.PeakMemory);
        Assert.Equal("ended, its status is unknown", unknown.ToString());
        Assert.Equal(default, unknown);
    }
}

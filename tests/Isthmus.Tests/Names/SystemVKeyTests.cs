using System.Globalization;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Names;

public sealed class SystemVKeyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(65)]
    [InlineData(255)]
    public void FromFile_gives_the_key_of_python(int project)
    {
        (string output, int exitCode) = Peer.Run(
            "/usr/bin/python3", ["-c", $"import sysv_ipc; print(sysv_ipc.ftok('/etc/passwd', {project}, True))"], "");
        Assert.Equal(0, exitCode);
        Assert.Equal(int.Parse(output.Trim(), CultureInfo.InvariantCulture), SystemVKey.FromFile("/etc/passwd", project).Value);
    }

    [Fact]
    public void FromFile_of_a_missing_file_throws_ENOENT() =>
        Assert.Throws<FileNotFoundException>(() => SystemVKey.FromFile("/nowhere/at/all"));

    [Theory]
    [InlineData(0)]
    [InlineData(256)]
    public void A_project_is_one_byte_and_not_0(int project) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SystemVKey.FromFile("/", project));

    [Theory]
    [InlineData("0x0000beef", 0xbeef)]
    [InlineData("0XBEEF", 0xbeef)]
    [InlineData("0xffffffff", -1)]
    public void A_key_is_read_as_ipcs_prints_it(string text, int value)
    {
        Assert.True(SystemVKey.TryParse(text, out SystemVKey key));
        Assert.Equal(value, key.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("0x")]
    [InlineData("12")]
    [InlineData("0x123456789")]
    [InlineData("0x-1")]
    public void What_is_no_key_is_refused(string? text) => Assert.False(SystemVKey.TryParse(text, out _));

    [Fact]
    public void A_key_prints_as_ipcs_prints_it() => Assert.Equal("0x0000beef", new SystemVKey(0xbeef).ToString());
}

namespace Isthmus.Tests.Names;

public sealed class PosixNameTests
{
    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("jobs")]
    [InlineData("/a/b")]
    [InlineData("/a\0b")]
    [InlineData("/.")]
    [InlineData("/..")]
    public void What_is_no_name_is_refused(string name) => Assert.Throws<ArgumentException>(() => PosixName.Check(name));

    [Fact]
    public void The_length_counts_in_bytes_after_the_slash()
    {
        Assert.Equal(256, PosixName.Check("/" + new string('a', 255)).Length);
        Assert.Throws<PathTooLongException>(() => PosixName.Check("/" + new string('a', 256)));
        Assert.Throws<PathTooLongException>(() => PosixName.Check("/" + new string('ä', 128)));
    }
}

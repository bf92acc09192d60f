namespace Isthmus.Cli.Tests;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData("64", 64)]
    [InlineData("64B", 64)]
    [InlineData("4K", 4096)]
    [InlineData("4k", 4096)]
    [InlineData("4KiB", 4096)]
    [InlineData("1MiB", 1048576)]
    public void Sizes_are_powers_of_1024(string text, int bytes)
    {
        Assert.True(ByteSize.TryParse(text, out int size));
        Assert.Equal(bytes, size);
        Assert.True(ByteSize.TryParse(text, out long large));
        Assert.Equal(bytes, large);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("3G", 3L << 30)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void An_offset_may_be_nothing_or_much(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out long size));
        Assert.Equal(bytes, size);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1.5K")]
    [InlineData("9223372036854775808")]
    [InlineData("99999999999G")]
    public void What_is_no_number_of_bytes_is_refused(string text) => Assert.False(ByteSize.TryParse(text, out long _));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("K")]
    [InlineData("4G")]
    [InlineData("1.5K")]
    [InlineData("99999M")]
    public void What_is_no_size_is_refused(string text) => Assert.False(ByteSize.TryParse(text, out int _));

    [Theory]
    [InlineData(64, "64 B")]
    [InlineData(4096, "4 KiB")]
    [InlineData(5000, "5000 B")]
    [InlineData(1048576, "1 MiB")]
    public void A_size_is_shown_in_the_largest_unit_that_is_exact(int bytes, string text) => Assert.Equal(text, ByteSize.Format(bytes));
}

namespace Isthmus.Tests.Threads;

public sealed class CpuSetTests
{
    [Theory]
    [InlineData(new int[0], "")]
    [InlineData(new[] { 0 }, "0")]
    [InlineData(new[] { 3, 1, 2, 2 }, "1-3")]
    [InlineData(new[] { 0, 1, 2, 3, 8 }, "0-3,8")]
    [InlineData(new[] { 63, 64, 1500 }, "63-64,1500")]
    [InlineData(new[] { 63 }, "63")]
    public void Its_text_is_the_kernels_list(int[] cpus, string text)
    {
        CpuSet set = new(cpus);
        Assert.Equal(text, set.ToString());
        Assert.Equal(cpus.Distinct().Order(), set);
        Assert.Equal(cpus.Distinct().Count(), set.Count);
        Assert.All(cpus, cpu => Assert.True(set.Contains(cpu)));
        Assert.False(set.Contains(-1));
        Assert.False(set.Contains(5));
        Assert.False(set.Contains(1_000_000));
    }

    [Theory]
    [InlineData("0", "0")]
    [InlineData("0-3,8", "0-3,8")]
    [InlineData(" 8, 0-1 ", "0-1,8")]
    [InlineData("5-5", "5")]
    public void Text_is_read(string text, string canonical)
    {
        Assert.True(CpuSet.TryParse(text, out CpuSet? set));
        Assert.Equal(canonical, set!.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("-1")]
    [InlineData("3-1")]
    [InlineData("1,,2")]
    [InlineData("1-2-3")]
    [InlineData("70000")]
    [InlineData("0-999999999")]
    public void Other_text_is_refused(string? text) => Assert.False(CpuSet.TryParse(text, out _));

    [Fact]
    public void Equal_sets_are_equal()
    {
        Assert.Equal(new CpuSet(2, 70), new CpuSet(70, 2));
        Assert.Equal(new CpuSet(2, 70).GetHashCode(), new CpuSet(70, 2).GetHashCode());
        Assert.NotEqual(new CpuSet(2), new CpuSet(2, 70));
        Assert.False(new CpuSet(2).Equals(null));
    }

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new CpuSet(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CpuSet(65536));
    }
}

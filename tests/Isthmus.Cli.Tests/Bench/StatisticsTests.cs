using Isthmus.Cli.Bench;

namespace Isthmus.Cli.Tests.Bench;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(new double[] { 7 }, 7)]
    [InlineData(new double[] { 9, 1, 5 }, 5)]
    [InlineData(new double[] { 4, 1, 3, 2 }, 2.5)]
    public void The_median_is_the_middle(double[] values, double median) => Assert.Equal(median, Statistics.Median(values));

    [Fact]
    public void There_is_no_median_of_nothing() => Assert.Throws<ArgumentOutOfRangeException>(() => Statistics.Median([]));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 51)]
    [InlineData(0.99, 100)]
    [InlineData(1, 100)]
    public void A_percentile_is_the_nearest_rank(double part, long value) =>
        Assert.Equal(value, Statistics.Percentile([.. Enumerable.Range(1, 100).Select(i => (long)i)], part));
}

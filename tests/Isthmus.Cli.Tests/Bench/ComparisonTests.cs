using Isthmus.Cli.Bench;

namespace Isthmus.Cli.Tests.Bench;

public sealed class ComparisonTests
{
    [Fact]
    public void A_ratio_is_the_lower_quartile_of_rounds_side_by_side()
    {
        // Round by round 1.1, 1.2, 1.3, 9.0: one disturbed round changes nothing.
        Comparison comparison = Comparison.Of(Times("pipe", 110, 120, 130, 900), Times("c:pipe", 100, 100, 100, 100))!;
        Assert.Equal(1.2, comparison.Ratio);
        Assert.Equal((1, 1), (comparison.SelfLow, comparison.SelfHigh));
        Assert.Equal(4, comparison.Pairs);
    }

    [Fact]
    public void Of_rates_the_lower_one_is_the_slower_one() => Assert.Equal(2, Comparison.Of(Rates("pipe", 50, 50), Rates("c:pipe", 100, 100))!.Ratio);

    [Fact]
    public void What_the_other_row_differs_from_itself_by_is_told()
    {
        Comparison comparison = Comparison.Of(Times("pipe", 100, 100, 100, 100, 100), Times("c:pipe", 100, 50, 100, 50, 100))!;
        Assert.Equal((0.5, 2), (comparison.SelfLow, comparison.SelfHigh));
    }

    [Fact]
    public void One_round_is_no_comparison() => Assert.Null(Comparison.Of(Times("pipe", 1), Times("c:pipe", 1)));

    private static Rounds Times(string name, params double[] values) => new("latency", name, 64, Metric.RoundTripP50, values);

    private static Rounds Rates(string name, params double[] values) => new("throughput", name, 64, Metric.Throughput, values);
}

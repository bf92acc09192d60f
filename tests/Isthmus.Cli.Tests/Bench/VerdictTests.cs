using Isthmus.Cli.Bench;

namespace Isthmus.Cli.Tests.Bench;

public sealed class VerdictTests
{
    [Fact]
    public void Of_nothing_nothing_is_said() => Assert.Empty(Verdict.Of(Report()));

    [Fact]
    public void The_fastest_of_64_bytes_is_named_with_what_follows_and_the_limit() => Assert.Equal(
        [
            "For 64-byte requests on this machine: pipe answers fastest, in 11.2 µs (then tcp 25.0 µs);"
                + " a cache line passed by shared memory takes 1/49 of that.",
        ],
        Verdict.Of(Report(
            Latency("tcp", 64, 25_000), Latency("pipe", 64, 11_200) with { LimitRatio = 48.7 }, Latency("c:pipe", 64, 11_000), Latency("pipe-async", 64, 9_000),
            Latency("tcp", 1, 1_000))));

    [Fact]
    public void On_one_CPU_the_rows_of_one_CPU_are_compared() => Assert.Equal(
        ["For 64-byte requests on this machine: fifo-1cpu answers fastest, in 3.00 µs (then pipe-1cpu 3.10 µs)."],
        Verdict.Of(Report(Latency("pipe-1cpu", 64, 3_100), Latency("fifo-1cpu", 64, 3_000))));

    [Fact]
    public void A_loss_is_told_only_where_there_was_one()
    {
        BenchResult udp = new("throughput", "udp", 64, Metric.Throughput, 1e8, "bytes/s") { Loss = 0 };
        Assert.DoesNotContain(Verdict.Of(Report(udp)), sentence => sentence.Contains("lost", StringComparison.Ordinal));
        Assert.Contains(Verdict.Of(Report(udp with { Loss = 0.25 })), sentence => sentence.StartsWith("udp lost up to 25.0 %", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_refresh_a_second_takes_is_told_of_the_most_processes() => Assert.Equal(
        ["Looking at 1,000 processes once a second takes 5.0 % of a CPU."],
        Verdict.Of(Report(Refresh(100, 9e6), Refresh(1000, 50e6))));

    private static BenchResult Refresh(int size, double value) => new("inspect", "refresh", size, Metric.CpuTime, value, "ns");

    private static BenchResult Latency(string mechanism, int size, double value) => new("latency", mechanism, size, Metric.RoundTripP50, value, "ns");

    private static BenchReport Report(params BenchResult[] results) => new(Machine.Describe(), results, [], []);
}

using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Repository;

/// <summary>Benchmarks run once each, so that they cannot rot; what they measure is not looked at.</summary>
public sealed class BenchmarksTests
{
    [Fact]
    public void Every_benchmark_runs()
    {
        using TemporaryDirectory directory = new();
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        string program = Path.Combine(Source.Root, "artifacts/bin/Isthmus.Benchmarks", configuration, "Isthmus.Benchmarks");

        (string output, int exitCode) = Peer.RunLong(program, ["--smoke", "--filter", "*", "--artifacts", directory.Root], times: 5);

        Assert.True(exitCode == 0, output);
        Assert.Contains("AsyncThatWaits", output, StringComparison.Ordinal);
        Assert.DoesNotContain("There are not any results runs", output, StringComparison.Ordinal);
    }
}

using Isthmus.Cli.Bench;

namespace Isthmus.Cli.Tests.Bench;

public sealed class BenchCatalogTests
{
    private static readonly string[] s_everywhere =
    [
        "pipe", "pipe-packet", "fifo", "unix-stream", "unix-datagram", "unix-seqpacket", "posix-mq", "sysv-mq",
        "shm+posix-sem", "shm+sysv-sem", "mapped-file", "tcp", "udp",
    ];
    private static readonly string[] s_async = ["pipe-async", "unix-stream-async", "bcl:named-pipe", "bcl:socket"];

    [Theory]
    [InlineData("limits", "cache-line", "memcpy-cache", "memcpy-memory", "syscall")]
    [InlineData("latency", "eventfd", "signal", "signal-1cpu", "signal-async", "c:pipe", "c:unix-stream", "c:eventfd", "pipe-1cpu", "c:pipe-1cpu", "udp-1cpu")]
    [InlineData("throughput", "c:pipe", "c:unix-stream", "c:posix-mq", "c:shm+posix-sem", "pipe-1cpu")]
    [InlineData("switching", "process", "process-1cpu", "thread", "thread-1cpu", "coroutine", "coroutine-1cpu")]
    [InlineData("spawn", "child-process", "bcl:process", "c:posix_spawn", "dotnet-child", "child-process-500mb", "bcl:process-500mb", "c:posix_spawn-500mb")]
    [InlineData("cost", "posix-semaphore", "c:posix-semaphore", "sysv-semaphore", "c:sysv-semaphore")]
    [InlineData("cost", "mutex", "c:mutex", "peer:lock", "peer:bcl-mutex", "semaphore", "semaphore-tracked", "rwlock-read", "rwlock-write")]
    [InlineData("contended", "mutex", "c:mutex")]
    [InlineData("inspect", "snapshot", "refresh", "peer:lsof", "peer:lsfd", "c:sweep")]
    [InlineData("latency", "queue", "queue-1cpu", "queue-async", "queue-loan", "queue-1000", "queue-blocking", "c:queue-blocking", "c:queue-blocking-1cpu")]
    [InlineData("latency", "topic", "topic-1cpu", "topic-async", "topic-1to3", "request", "request-1cpu", "request-async", "stream", "stream-async")]
    [InlineData("throughput", "queue", "queue-async", "queue-batch", "topic", "topic-async", "topic-1to3", "stream", "stream-async")]
    [InlineData("scaling", "queue-1to1", "queue-4to1", "queue-1to4", "queue-4to4", "topic-1to1", "topic-4to1", "topic-1to4", "topic-4to4")]
    [InlineData("scaling", "posix-mq-1to1", "posix-mq-4to1", "posix-mq-1to4", "posix-mq-4to4", "unix-datagram-4to4", "peer:boost-mq-4to1")]
    [InlineData("latency", "limit:cache-line", "peer:boost-mq", "peer:boost-mq-blocking", "peer:zmq", "peer:nng", "peer:python-queue", "peer:python-pipe")]
    [InlineData("throughput", "limit:memcpy", "peer:boost-mq", "peer:boost-mq-blocking", "peer:zmq", "peer:nng", "peer:python-queue", "peer:python-pipe")]
    [InlineData("latency", "event", "event-1cpu", "event-async", "c:event", "c:event-1cpu")]
    public void Every_promised_row_is_there(string suite, params string[] rows)
    {
        string[] promised = suite is "latency" or "throughput" ? [.. rows, .. s_everywhere, .. s_async] : rows;
        Assert.Subset(Suite(suite).Rows.Select(row => row.Name).ToHashSet(), promised.ToHashSet());
    }

    [Fact]
    public void Rows_of_a_suite_have_different_names() => Assert.All(BenchCatalog.Suites, suite =>
        Assert.Equal(suite.Rows.Count(), suite.Rows.Select(row => row.Name).Distinct().Count()));

    [Theory]
    [InlineData("latency", "pipe", "c:pipe")]
    [InlineData("latency", "eventfd-1cpu", "c:eventfd-1cpu")]
    [InlineData("latency", "posix-mq", "c:posix-mq")]
    [InlineData("latency", "shm+posix-sem", "c:shm+posix-sem")]
    [InlineData("latency", "pipe-async", "bcl:named-pipe")]
    [InlineData("throughput", "unix-stream", "c:unix-stream-threads")]
    [InlineData("throughput", "unix-stream-async", "bcl:socket")]
    [InlineData("spawn", "child-process-500mb", "c:posix_spawn-500mb")]
    [InlineData("cost", "posix-semaphore", "c:posix-semaphore")]
    [InlineData("cost", "mutex", "c:mutex")]
    [InlineData("contended", "mutex", "c:mutex")]
    [InlineData("inspect", "snapshot", "peer:lsof")]
    [InlineData("inspect", "snapshot", "peer:lsfd")]
    [InlineData("latency", "event-1cpu", "c:event-1cpu")]
    [InlineData("latency", "queue", "limit:cache-line")]
    [InlineData("latency", "queue", "peer:boost-mq")]
    [InlineData("latency", "queue-blocking", "c:queue-blocking")]
    [InlineData("latency", "queue-1000", "queue")]
    [InlineData("latency", "topic", "limit:cache-line")]
    [InlineData("latency", "request", "queue")]
    [InlineData("throughput", "queue", "limit:memcpy")]
    [InlineData("throughput", "queue-batch", "queue")]
    public void Promised_comparisons_are_made(string suite, string row, string against) => Assert.Contains((row, against), Suite(suite).Pairs);

    [Fact]
    public void Eventfd_events_and_signals_carry_no_stream() =>
        Assert.DoesNotContain(Suite("throughput").Rows, row => row.Family is "eventfd" or "event" or "signal");

    [Fact]
    public void Sizes_span_what_is_promised()
    {
        Assert.Equal((1, 4 << 20), (Suite("latency").Sizes[0], Suite("latency").Sizes[^1]));
        Assert.Equal((8, 4 << 20), (Suite("throughput").Sizes[0], Suite("throughput").Sizes[^1]));
    }

    [Fact]
    public void No_suite_takes_more_than_six_seconds_when_quick_nor_all_of_them_more_than_three_minutes()
    {
        Assert.All(BenchCatalog.Suites, suite => Assert.InRange(suite.QuickBudget, TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(6)));
        Assert.InRange(BenchCatalog.Suites.Sum(suite => suite.Budget.TotalSeconds), 1, 180);
    }

    private static Suite Suite(string name) => BenchCatalog.Suites.Single(suite => suite.Name == name);
}

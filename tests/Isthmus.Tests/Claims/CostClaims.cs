namespace Isthmus.Tests.Claims;

/// <summary>What the books say about cost, held against the figures in docs/benchmarks.md.</summary>
public sealed class CostClaims
{
    // The cache line is the limit of all shared memory; the rows with semaphores are what one gets with the kernel's own means.
    [Fact]
    [Claim(40, "Shared memory is the fastest.", Verdict.HalfTrue,
        "For large messages, and where the two sides watch the memory itself (row `cache-line`). With kernel "
        + "semaphores to guard it, a small message takes as long as through a pipe, because the waking costs all the "
        + "time: rows `shm+posix-sem` and `pipe`.")]
    public void Shared_memory_with_semaphores_is_not_always_faster_than_a_pipe() =>
        Assert.Equal(Verdict.HalfTrue, Figures.IsCheaper(Figures.Latency, "shm+posix-sem", "pipe"));

    [Fact]
    [Claim(70, "A Unix socket beats loopback TCP.", Verdict.True,
        "There and back at every size; in bulk by far up to some hundred KiB a message, beyond that TCP comes close, and was ahead in an earlier "
        + "run: suites `latency` and `throughput`, rows `unix-stream` and `tcp`.")]
    public void A_Unix_socket_beats_loopback_TCP()
    {
        Assert.Equal(Verdict.True, Figures.IsCheaper(Figures.Latency, "unix-stream", "tcp"));
        // The figures of this suite are rates: who has less of it is slower.
        Assert.Equal(Verdict.True, Figures.IsCheaper(Figures.Throughput, "tcp", "unix-stream"));
    }

    [Fact]
    [Claim(71, "Switching coroutines is cheaper than switching threads.", Verdict.True,
        "By a factor of ten and more: suite `switching`, rows `coroutine-1cpu` and `thread-1cpu`.")]
    public void Switching_coroutines_is_cheaper_than_switching_threads() =>
        Assert.Equal(Verdict.True, Figures.IsCheaper(Figures.Switching, "coroutine-1cpu", "thread-1cpu"));

    [Fact]
    [Claim(72, "Switching threads is cheaper than switching processes.", Verdict.HalfTrue,
        "On one CPU by a tenth to a quarter, which is what the other address space costs; between two CPUs the waking costs all the time and "
        + "there is no difference: suite `switching`, rows `thread-1cpu` and `process-1cpu`, `thread` and `process`.")]
    public void Switching_threads_is_cheaper_on_one_CPU_only()
    {
        Assert.NotEqual(Verdict.False, Figures.IsCheaper(Figures.Switching, "thread-1cpu", "process-1cpu"));
        Assert.NotEqual(Verdict.True, Figures.IsCheaper(Figures.Switching, "thread", "process"));
    }
}

using System.Buffers;
using System.Globalization;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Processes;

/// <summary>Run and capture: nothing hangs, whatever the child and those it leaves behind do.</summary>
public sealed class CaptureTests
{
    [Fact]
    public async Task Megabytes_on_both_streams_and_on_input_do_not_deadlock()
    {
        byte[] input = new byte[3_000_000];
        Random.Shared.NextBytes(input);
        CapturedOutput result = await ChildProcess.RunAsync(
            ChildProcessTests.Shell("head -c 4000000 /dev/zero >&2; cat; head -c 4000000 /dev/zero >&2"), new CaptureOptions { Input = input }).OrHang();
        Assert.True(result.Status.IsSuccess);
        Assert.Equal(input, result.Output);
        Assert.Equal(8_000_000, result.Error.Length);
        Assert.False(result.IsTruncated);
    }

    [Fact]
    public async Task A_child_that_does_not_read_its_input_is_not_at_fault()
    {
        CapturedOutput result = await ChildProcess.RunAsync(
            ChildProcessTests.Shell("exec <&-; echo done"), new CaptureOptions { Input = new byte[1_000_000] }).OrHang();
        Assert.Equal("done\n", result.OutputText);
        Assert.True(result.Status.IsSuccess);
    }

    [Fact]
    public async Task Output_beyond_the_maximum_is_dropped_and_the_child_goes_on()
    {
        CapturedOutput result = await ChildProcess.RunAsync(
            ChildProcessTests.Shell("printf 0123456789; head -c 1000000 /dev/zero; echo end >&2"), new CaptureOptions { OutputMax = 5 }).OrHang();
        Assert.Equal("01234", result.OutputText);
        Assert.Equal("end\n", result.ErrorText);
        Assert.True(result.IsTruncated);
        Assert.True(result.Status.IsSuccess);
    }

    [Fact]
    public async Task A_timeout_stops_the_child_and_keeps_what_it_printed()
    {
        CapturedOutput result = await RunUntilItPrintsAsync(ChildProcessTests.Shell("echo started; exec sleep 1000"), new CaptureOptions());
        Assert.True(result.TimedOut);
        Assert.Equal(Signal.SIGTERM, result.Status.Signal);
        Assert.Equal("started\n", result.OutputText);
    }

    [Fact]
    public async Task Times_beyond_the_range_of_a_timer_are_no_limit()
    {
        CaptureOptions capture = new() { Timeout = TimeSpan.MaxValue, Linger = TimeSpan.FromDays(50), Grace = TimeSpan.FromDays(50) };
        CapturedOutput result = await ChildProcess.RunAsync(ChildProcessTests.Shell("echo done"), capture).OrHang();
        Assert.Equal("done\n", result.OutputText);
    }

    [Fact]
    public void Negative_times_are_refused_before_anything_starts()
    {
        TimeSpan negative = TimeSpan.FromSeconds(-1);
        Assert.Throws<ArgumentOutOfRangeException>(() => new CaptureOptions { Timeout = negative });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CaptureOptions { Linger = negative });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CaptureOptions { Grace = negative });
    }

    [Fact]
    public async Task A_pipe_for_input_that_nobody_feeds_is_at_its_end()
    {
        CapturedOutput result = await ChildProcess.RunAsync(
            ChildProcessTests.Shell("cat; echo end") with { StandardInput = StandardStream.Pipe }).OrHang();
        Assert.Equal("end\n", result.OutputText);
    }

    [Fact]
    public async Task A_stream_that_fails_ends_the_child_and_is_told()
    {
        using BrokenMemory input = new();
        await Assert.ThrowsAsync<InvalidDataException>(() => ChildProcess.RunAsync(
            ChildProcessTests.Shell("cat; exec sleep 1000"), new CaptureOptions { Input = input.Memory }).OrHang());
    }

    [Fact]
    public async Task A_child_that_ignores_SIGTERM_is_killed_with_its_group()
    {
        CapturedOutput result = await RunUntilItPrintsAsync(
            ChildProcessTests.Shell("trap '' TERM; sleep 1000 & echo $!; wait; wait; wait") with { Group = ChildGroup.New },
            new CaptureOptions { Grace = TimeSpan.FromMilliseconds(100) });
        Assert.Equal(Signal.SIGKILL, result.Status.Signal);
        await ProcessWait.GoneAsync(int.Parse(result.OutputText, CultureInfo.InvariantCulture)).OrHang();
    }

    [Fact]
    public async Task A_cancelled_run_ends_the_child()
    {
        using TemporaryDirectory directory = new();
        using CancellationTokenSource cancel = new();
        Task<CapturedOutput> run = ChildProcess.RunAsync(
            ChildProcessTests.Shell($"echo $$ > {directory["pid"]}; exec sleep 1000"), null, cancel.Token);
        int pid = await ProcessWait.PidInAsync(directory["pid"]).OrHang();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.OrHang());
        await ProcessWait.GoneAsync(pid).OrHang();
    }

    [Fact]
    public async Task A_run_that_is_cancelled_before_starts_nothing() => await Assert.ThrowsAnyAsync<OperationCanceledException>(
        () => ChildProcess.RunAsync(new ChildProcessOptions { FileName = "/no/such/program" }, null, new CancellationToken(canceled: true)));

    [Fact]
    public async Task A_grandchild_that_holds_the_output_open_does_not_hold_up_the_result()
    {
        // So long it has to read what the child itself has printed.
        CapturedOutput result = await ChildProcess.RunAsync(
            ChildProcessTests.Shell("sleep 1000 & echo $!"), new CaptureOptions { Linger = TimeSpan.FromSeconds(2) }).OrHang();
        int grandchild = int.Parse(result.OutputText, CultureInfo.InvariantCulture);
        Assert.True(result.Status.IsSuccess);
        Assert.True(result.IsTruncated);
        using ProcessHandle handle = ProcessHandle.Open(grandchild);
        handle.Send(Signal.SIGKILL);
    }

    [Fact]
    public async Task Lines_come_as_they_are_printed()
    {
        using ChildProcess child = ChildProcess.Start(
            ChildProcessTests.Shell("echo one; read x; echo \"$x\"; printf last") with
            {
                StandardInput = StandardStream.Pipe,
                StandardOutput = StandardStream.Pipe,
            });
        List<string> lines = [];
        await ReadAsync().OrHang();
        Assert.Equal(["one", "two", "last"], lines);
        await child.WaitAsync().OrHang();

        async Task ReadAsync()
        {
            await foreach (string line in child.StandardOutput.ReadLinesAsync())
            {
                lines.Add(line);
                if (lines.Count == 1)
                {
                    child.StandardInput.Write("two\n"u8);
                }
            }
        }
    }

    // On a busy machine a timeout may end the child before it has printed anything: then again, with more time.
    private static async Task<CapturedOutput> RunUntilItPrintsAsync(ChildProcessOptions child, CaptureOptions capture)
    {
        for (TimeSpan timeout = TimeSpan.FromMilliseconds(300); ; timeout *= 4)
        {
            CapturedOutput result = await ChildProcess.RunAsync(child, capture with { Timeout = timeout }).OrHang();
            if (result.Output.Length > 0 || timeout > Child.Limit / 4)
            {
                return result;
            }
        }
    }

    /// <summary>Memory that cannot be read.</summary>
    private sealed class BrokenMemory : MemoryManager<byte>
    {
        public override Memory<byte> Memory => CreateMemory(1);

        public override Span<byte> GetSpan() => throw new InvalidDataException();

        public override MemoryHandle Pin(int elementIndex = 0) => throw new InvalidDataException();

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}

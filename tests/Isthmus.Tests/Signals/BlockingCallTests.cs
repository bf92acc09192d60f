using System.Diagnostics;
using Isthmus.Native;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Signals;

public sealed class BlockingCallTests
{
    [Fact]
    public void A_timed_call_ends_at_its_deadline_and_not_before()
    {
        using EventFd events = EventFd.Create();
        long start = Stopwatch.GetTimestamp();
        Assert.False(BlockingCall.TryRun<Take, ulong>(new Take(events), Deadline.After(TimeSpan.FromMilliseconds(30)), out _));
        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(30));
    }

    [Fact]
    public void A_timed_call_returns_what_comes_while_it_waits()
    {
        using EventFd events = EventFd.Create();
        ulong result = 0;
        Blocked call = Blocked.In(() => Assert.True(
            BlockingCall.TryRun<Take, ulong>(new Take(events), Deadline.After(Child.Limit), out result)));
        events.Write(7);
        call.Join();
        Assert.Equal(7UL, result);
    }

    [Fact]
    public void A_mask_that_was_inherited_with_everything_blocked_does_not_keep_a_timed_call_from_ending()
    {
        using EventFd events = EventFd.Create();
        bool taken = true;
        Thread thread = new(() =>
        {
            BlockAll(); // Before the thread's first timed call.
            taken = BlockingCall.TryRun<Take, ulong>(new Take(events), Deadline.After(TimeSpan.FromMilliseconds(20)), out _);
        });
        thread.Start();
        Assert.True(thread.Join(Child.Limit), "The call does not end.");
        Assert.False(taken);
    }

    [Fact]
    public void A_deadline_in_the_past_makes_one_attempt()
    {
        using EventFd events = EventFd.Create(1);
        Assert.True(BlockingCall.TryRun<Take, ulong>(new Take(events), Deadline.After(TimeSpan.Zero), out _));
        Assert.False(BlockingCall.TryRun<Take, ulong>(new Take(events), Deadline.After(TimeSpan.Zero), out _));
    }

    [Fact]
    public async Task An_awaited_call_returns_what_comes_while_it_waits()
    {
        using EventFd events = EventFd.Create();
        ValueTask<ulong> call = BlockingCall.RunAsync<Take, ulong>(new Take(events), default);
        Assert.False(call.IsCompleted);
        events.Write(3);
        Assert.Equal(3UL, await call.OrHang());
    }

    [Fact]
    public async Task A_cancelled_call_has_taken_nothing()
    {
        using EventFd events = EventFd.Create();
        using CancellationTokenSource cancellation = new();
        Task<ulong>[] calls =
            [.. Enumerable.Range(0, 20).Select(_ => BlockingCall.RunAsync<Take, ulong>(new Take(events), cancellation.Token).AsTask())];
        await cancellation.CancelAsync();
        foreach (Task<ulong> call in calls)
        {
            await Assert.ThrowsAsync<TaskCanceledException>(call.OrHang);
        }
        events.Write(9);
        Assert.Equal(9UL, await BlockingCall.RunAsync<Take, ulong>(new Take(events), default).OrHang());
    }

    [Fact]
    public async Task Cancellation_that_races_with_success_is_one_or_the_other()
    {
        using EventFd events = EventFd.CreateSemaphore();
        int taken = 0;
        for (int round = 0; round < 200; round++)
        {
            using CancellationTokenSource cancellation = new();
            Task<ulong> call = BlockingCall.RunAsync<Take, ulong>(new Take(events), cancellation.Token).AsTask();
            Task write = Task.Run(() => events.Write(1));
            await cancellation.CancelAsync();
            await write.OrHang();
            taken += await call.OrHang().ContinueWith(task => task.IsCompletedSuccessfully ? 1 : 0, TaskScheduler.Default);
        }
        int left = 0;
        while (BlockingCall.TryRun<Take, ulong>(new Take(events), Deadline.After(TimeSpan.Zero), out _))
        {
            left++;
        }
        Assert.Equal(200, taken + left);
    }

    [Fact]
    public async Task An_error_in_the_kernel_reaches_the_one_who_awaits()
    {
        EventFd events = EventFd.Create();
        events.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => BlockingCall.RunAsync<Take, ulong>(new Take(events), default).OrHang());
    }

    private static unsafe void BlockAll()
    {
        LibC.sigset_t all = LibC.sigset_t.Full;
        LibC.CheckReturned(LibC.pthread_sigmask(LibC.SIG_BLOCK, &all, null));
    }

    // A call that blocks, and has a form that does not.
    private readonly struct Take(EventFd events) : IBlockingOperation<ulong>
    {
        public unsafe PollOutcome Run(bool noWait, out ulong result)
        {
            ulong value = 0;
            PollOutcome outcome = DescriptorIO.Read(events.Handle, new Span<byte>(&value, sizeof(ulong)), noWait, out _);
            result = value;
            return outcome;
        }
    }
}

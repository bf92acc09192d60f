using System.Runtime.CompilerServices;
using Isthmus.Native;
using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Events;

/// <summary>The promises that every awaitable object of the library rests on, held on an eventfd.</summary>
[Collection(Alone.Name)]
public sealed class FdWatchTests
{
    [Fact]
    public async Task An_edge_between_the_try_and_the_wait_is_not_lost()
    {
        using SafeFileHandle fd = EventFd();
        using FdWatch watch = new(fd, typeof(FdWatchTests));
        Task first = Tried(watch, Readiness.Readable, default).AsTask();
        Write(fd);
        await first.OrHang();
        Read(fd);
        // Tried here, and nothing there.
        uint seen = watch.Edges(Readiness.Readable);
        Write(fd);
        Assert.True(SpinWait.SpinUntil(() => watch.Edges(Readiness.Readable) != seen, Child.Limit));
        await watch.WaitAsync(Readiness.Readable, seen, default).OrHang();
    }

    [Fact]
    public async Task An_edge_that_woke_another_is_not_lost_for_who_tried_before_it()
    {
        using SafeFileHandle fd = EventFd();
        using FdWatch watch = new(fd, typeof(FdWatchTests));
        Task first = Tried(watch, Readiness.Readable, default).AsTask();
        uint seen = watch.Edges(Readiness.Readable);
        Write(fd);
        await first.OrHang();
        await watch.WaitAsync(Readiness.Readable, seen, default).OrHang();
    }

    [Fact]
    public async Task One_edge_wakes_everybody_who_waits()
    {
        using SafeFileHandle fd = EventFd();
        using FdWatch watch = new(fd, typeof(FdWatchTests));
        Task[] waits = [.. Enumerable.Range(0, 20).Select(_ => Tried(watch, Readiness.Readable, default).AsTask())];
        Write(fd);
        await Task.WhenAll(waits).OrHang();
    }

    [Fact]
    public async Task A_reader_and_a_writer_wait_independently()
    {
        using SafeFileHandle fd = EventFd();
        using FdWatch watch = new(fd, typeof(FdWatchTests));
        Task reader = Tried(watch, Readiness.Readable, default).AsTask();
        await Tried(watch, Readiness.Writable, default).OrHang();
        Assert.False(reader.IsCompleted);
        Write(fd);
        await reader.OrHang();
    }

    [Fact]
    public async Task Dispose_ends_every_wait_and_refuses_new_ones()
    {
        using SafeFileHandle fd = EventFd();
        FdWatch watch = new(fd, typeof(FdWatchTests));
        Task[] waits = [.. Enumerable.Range(0, 5).Select(_ => Tried(watch, Readiness.Readable, default).AsTask())];
        watch.Dispose();
        foreach (Task wait in waits)
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => wait.OrHang());
        }
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Tried(watch, Readiness.Readable, default).OrHang());
    }

    [Fact]
    public async Task A_wait_on_a_disposed_object_names_the_users_type()
    {
        using SafeFileHandle fd = EventFd();
        FdWatch watch = new(fd, typeof(EventFd));
        Task waiting = Tried(watch, Readiness.Readable, default).AsTask();
        watch.Dispose();
        Assert.Equal("Isthmus.EventFd", (await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.OrHang())).ObjectName);
        ObjectDisposedException late = await Assert.ThrowsAsync<ObjectDisposedException>(
            () => Tried(watch, Readiness.Readable, default).OrHang());
        Assert.Equal("Isthmus.EventFd", late.ObjectName);
    }

    [Fact]
    public async Task A_handle_that_is_closed_while_the_watch_is_disposed_loses_no_wait()
    {
        for (int round = 0; round < 2000; round++)
        {
            SafeFileHandle fd = EventFd();
            FdWatch watch = new(fd, typeof(FdWatchTests));
            Task waiting = Tried(watch, Readiness.Readable, default).AsTask();
            using Barrier both = new(2);
            Task closing = Task.Run(() =>
            {
                both.SignalAndWait();
                fd.Dispose();
            });
            both.SignalAndWait();
            watch.Dispose();
            await closing;
            await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.OrHang());
        }
    }

    [Fact]
    public async Task Cancelling_one_wait_leaves_the_others()
    {
        using SafeFileHandle fd = EventFd();
        using FdWatch watch = new(fd, typeof(FdWatchTests));
        using CancellationTokenSource cancel = new();
        Task before = Tried(watch, Readiness.Readable, default).AsTask();
        Task cancelled = Tried(watch, Readiness.Readable, cancel.Token).AsTask();
        Task after = Tried(watch, Readiness.Readable, default).AsTask();

        await cancel.CancelAsync();

        OperationCanceledException error = await Assert.ThrowsAsync<OperationCanceledException>(() => cancelled.OrHang());
        Assert.Equal(cancel.Token, error.CancellationToken);
        Write(fd);
        await Task.WhenAll(before, after).OrHang();
    }

    [Fact]
    public async Task A_cancellation_that_races_an_edge_ends_the_wait_one_way_or_the_other()
    {
        using SafeFileHandle fd = EventFd();
        using FdWatch watch = new(fd, typeof(FdWatchTests));
        int completed = 0, cancelled = 0;
        for (int round = 0; round < 2000; round++)
        {
            using CancellationTokenSource cancel = new();
            Task wait = Tried(watch, Readiness.Readable, cancel.Token).AsTask();
            Task writing = Task.Run(() => Write(fd));
            Task cancelling = Task.Run(cancel.Cancel);
            await Task.WhenAll(writing, cancelling, wait.ContinueWith(_ => { }, TaskScheduler.Default)).OrHang();
            _ = wait.IsCanceled ? cancelled++ : completed++;
            Assert.True(wait.IsCanceled || wait.IsCompletedSuccessfully);
            Read(fd);
        }
        Assert.Equal(2000, completed + cancelled);
    }

    [Fact]
    public async Task Code_that_only_the_loop_can_reach_is_kept_alive()
    {
        using SafeFileHandle fd = EventFd();
        TaskCompletionSource woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
        StartOrphan(fd, woken);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Write(fd);
        await woken.Task.OrHang();
    }

    [Fact]
    public void A_watch_that_nobody_disposes_can_be_collected()
    {
        using SafeFileHandle fd = EventFd();
        WeakReference watch = Forget(fd);
        // Who has woken it may still have it in a frame.
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return !watch.IsAlive;
            },
            Child.Limit));
    }

    [Fact]
    public async Task Waiting_allocates_nothing_once_it_has_begun()
    {
        using SafeFileHandle fd = EventFd();
        using FdWatch watch = new(fd, typeof(FdWatchTests));
        // One object a round would be 24 bytes at least.
        Assert.InRange(await Allocated.PerRoundAsync(rounds => Rounds(watch, fd, rounds)), 0, 20);
    }

    // As one who has just tried.
    private static ValueTask Tried(FdWatch watch, Readiness readiness, CancellationToken cancellationToken) =>
        watch.WaitAsync(readiness, watch.Edges(readiness), cancellationToken);

    private static async Task Rounds(FdWatch watch, SafeFileHandle fd, int count)
    {
        for (int i = 0; i < count; i++)
        {
            ValueTask wait = Tried(watch, Readiness.Readable, default);
            Write(fd);
            await wait;
            Read(fd);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StartOrphan(SafeFileHandle fd, TaskCompletionSource woken)
    {
        _ = Wait();

        async Task Wait()
        {
            FdWatch watch = new(fd, typeof(FdWatchTests));
            await Tried(watch, Readiness.Readable, default);
            watch.Dispose();
            woken.SetResult();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Forget(SafeFileHandle fd)
    {
        FdWatch watch = new(fd, typeof(FdWatchTests));
        // One wait only: there is one edge, and a second wait that came after it would be its last.
        Tried(watch, Readiness.Writable, default).OrHang().GetAwaiter().GetResult();
        return new WeakReference(watch);
    }

    private static SafeFileHandle EventFd() => LibC.Check(LibC.eventfd(0, LibC.EFD_CLOEXEC | LibC.EFD_NONBLOCK));

    private static unsafe void Write(SafeFileHandle fd)
    {
        ulong one = 1;
        LibC.Check(LibC.write(fd, (byte*)&one, sizeof(ulong)));
    }

    private static unsafe void Read(SafeFileHandle fd)
    {
        ulong value;
        LibC.Check(LibC.read(fd, (byte*)&value, sizeof(ulong)));
    }
}

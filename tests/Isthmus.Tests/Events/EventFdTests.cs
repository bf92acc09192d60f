using Isthmus.Native;
using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Events;

public sealed class EventFdTests
{
    [Fact]
    public void A_read_takes_the_sum_of_all_writes()
    {
        using EventFd counter = EventFd.Create(5);
        counter.Write(7);
        counter.Write();
        Assert.Equal(13ul, counter.Read());
        Assert.False(counter.TryRead(out _));
    }

    [Fact]
    public void In_semaphore_mode_a_read_takes_one()
    {
        using EventFd counter = EventFd.CreateSemaphore(2);
        Assert.Equal(1ul, counter.Read());
        Assert.Equal(1ul, counter.Read());
        Assert.False(counter.TryRead(out _));
    }

    [Fact]
    public void The_largest_value_fits_and_one_more_does_not()
    {
        using EventFd counter = EventFd.Create();
        Assert.True(counter.TryWrite(EventFd.MaxValue, TimeSpan.Zero));
        Assert.False(counter.TryWrite(1, TimeSpan.Zero));
        Assert.False(counter.TryWrite(1, TimeSpan.FromMilliseconds(5)));
        Assert.Equal(EventFd.MaxValue, counter.Read());
    }

    [Fact]
    public void A_value_that_never_fits_is_refused()
    {
        using EventFd counter = EventFd.Create();
        Assert.Throws<ArgumentOutOfRangeException>(() => counter.Write(ulong.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => counter.TryWrite(ulong.MaxValue, TimeSpan.Zero));
    }

    [Fact]
    public void A_write_that_overflows_blocks_until_somebody_reads()
    {
        using EventFd counter = EventFd.Create();
        counter.Write(EventFd.MaxValue);
        Blocked writer = Blocked.In(() => counter.Write(3));
        Assert.Equal(EventFd.MaxValue, counter.Read());
        writer.Join();
        Assert.Equal(3ul, counter.Read());
    }

    [Fact]
    public void A_write_that_overflows_with_a_timeout_goes_on_when_somebody_reads()
    {
        using EventFd counter = EventFd.Create();
        counter.Write(EventFd.MaxValue);
        Blocked writer = Blocked.In(() => Assert.True(counter.TryWrite(3, Timeout.InfiniteTimeSpan)));
        Assert.Equal(EventFd.MaxValue, counter.Read());
        writer.Join();
        Assert.Equal(3ul, counter.Read());
    }

    [Fact]
    public void A_sync_read_blocks_until_a_write()
    {
        using EventFd counter = EventFd.Create();
        Blocked reader = Blocked.In(() => Assert.Equal(4ul, counter.Read()));
        counter.Write(4);
        reader.Join();
    }

    [Fact]
    public void A_timed_read_is_never_early()
    {
        using EventFd counter = EventFd.Create();
        TimeSpan timeout = TimeSpan.FromMilliseconds(20);
        long start = TimeProvider.System.GetTimestamp();
        Assert.False(counter.TryRead(timeout, out _));
        Assert.True(TimeProvider.System.GetElapsedTime(start) >= timeout);
    }

    [Fact]
    public async Task An_async_read_completes_with_the_write()
    {
        using EventFd counter = EventFd.Create();
        Task<ulong> read = counter.ReadAsync().AsTask();
        Assert.False(read.IsCompleted);
        counter.Write(9);
        Assert.Equal(9ul, await read.OrHang());
    }

    [Fact]
    public async Task An_async_write_waits_for_room_and_a_try_does_not()
    {
        using EventFd counter = EventFd.Create();
        await counter.WriteAsync(EventFd.MaxValue - 1);
        Assert.True(counter.TryWrite());
        Assert.False(counter.TryWrite(2));
        using CancellationTokenSource cancel = new();
        Task cancelled = counter.WriteAsync(5, cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.OrHang());
        Task write = counter.WriteAsync(3).AsTask();
        Assert.False(write.IsCompleted);
        Assert.Equal(EventFd.MaxValue, counter.Read());
        await write.OrHang();
        Assert.Equal(3ul, counter.Read());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => counter.WriteAsync(ulong.MaxValue).AsTask());
    }

    [Fact]
    public async Task A_cancelled_read_takes_nothing()
    {
        using EventFd counter = EventFd.Create();
        using CancellationTokenSource cancel = new();
        Task<ulong> read = counter.ReadAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.OrHang());
        counter.Write(2);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => counter.ReadAsync(new CancellationToken(true)).AsTask());
        Assert.Equal(2ul, counter.Read());
    }

    [Fact]
    public async Task Dispose_ends_an_async_read()
    {
        EventFd counter = EventFd.Create();
        Task<ulong> read = counter.ReadAsync().AsTask();
        counter.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => read.OrHang());
        Assert.Throws<ObjectDisposedException>(() => counter.Write());
    }

    [Fact]
    public async Task Each_unit_of_a_semaphore_wakes_one_of_many_async_readers()
    {
        using EventFd counter = EventFd.CreateSemaphore();
        Task<ulong>[] reads = [.. Enumerable.Range(0, 50).Select(_ => counter.ReadAsync().AsTask())];
        counter.Write(50);
        await Task.WhenAll(reads).OrHang();
        Assert.All(reads, read => Assert.Equal(1ul, read.Result));
        Assert.False(counter.TryRead(out _));
    }

    [Fact]
    public async Task The_descriptor_is_closed_on_exec_and_stays_blocking_in_async_use()
    {
        using EventFd counter = EventFd.Create(1);
        Assert.Equal(1ul, await counter.ReadAsync());
        Assert.Equal(LibC.FD_CLOEXEC, LibC.fcntl(counter.Handle, LibC.F_GETFD));
        Assert.Equal(0, LibC.fcntl(counter.Handle, LibC.F_GETFL) & LibC.O_NONBLOCK);
    }

    [Fact]
    public void FromHandle_refuses_what_is_no_eventfd_and_leaves_it_open()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        using TimerFd timer = TimerFd.Create();
        Assert.Throws<ArgumentException>(() => EventFd.FromHandle(pipe.Reader.Handle));
        Assert.Throws<ArgumentException>(() => EventFd.FromHandle(timer.Handle));
        Assert.False(timer.Handle.IsClosed);
    }

    [Fact]
    public void Two_objects_share_one_counter()
    {
        using EventFd counter = EventFd.Create();
        using EventFd other = EventFd.FromHandle(Duplicate(counter.Handle));
        counter.Write(6);
        Assert.Equal(6ul, other.Read());
        Assert.False(counter.TryRead(out _));
    }

    private static SafeFileHandle Duplicate(SafeFileHandle handle) =>
        new(LibC.Check(LibC.fcntl(handle, LibC.F_DUPFD_CLOEXEC)), ownsHandle: true);
}

using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Events;

public sealed class TimerFdTests
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(15);

    [Theory]
    [InlineData(TimerClock.Monotonic)]
    [InlineData(TimerClock.BootTime)]
    public void A_one_shot_expires_once_and_never_early(TimerClock clock)
    {
        using TimerFd timer = TimerFd.Create(clock);
        long start = TimeProvider.System.GetTimestamp();
        timer.Set(s_short);
        Assert.Equal(1ul, timer.Read());
        Assert.True(TimeProvider.System.GetElapsedTime(start) >= s_short);
        Assert.False(timer.TryRead(s_short, out _));
        Assert.Equal(TimeSpan.Zero, timer.TimeLeft);
    }

    [Fact]
    public void A_period_goes_on_until_it_is_stopped_and_no_expiration_is_lost()
    {
        using TimerFd timer = TimerFd.Create();
        long start = TimeProvider.System.GetTimestamp();
        timer.Set(TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(1));
        ulong expirations = 0;
        while (expirations < 10)
        {
            expirations += timer.Read();
        }
        Assert.True(TimeProvider.System.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(1 + expirations));
        timer.Stop();
        Assert.False(timer.TryRead(TimeSpan.FromMilliseconds(5), out _));
    }

    [Fact]
    public void It_tells_what_it_was_set_to()
    {
        using TimerFd timer = TimerFd.Create();
        Assert.Equal(TimeSpan.Zero, timer.TimeLeft);
        timer.Set(TimeSpan.FromHours(1), TimeSpan.FromHours(2));
        Assert.InRange(timer.TimeLeft, TimeSpan.FromMinutes(50), TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.FromHours(2), timer.Period);
        Assert.False(timer.TryRead(out _));
    }

    [Fact]
    public void Setting_anew_forgets_what_had_expired()
    {
        using TimerFd timer = TimerFd.Create();
        timer.Set(TimeSpan.Zero);
        Poll(timer);
        timer.Set(TimeSpan.FromHours(1));
        Assert.False(timer.TryRead(out _));
    }

    [Fact]
    public void Zero_expires_at_once()
    {
        using TimerFd timer = TimerFd.Create();
        timer.Set(TimeSpan.Zero);
        Assert.Equal(1ul, timer.Read());
    }

    [Fact]
    public void Negative_times_and_unknown_clocks_are_refused()
    {
        using TimerFd timer = TimerFd.Create();
        Assert.Throws<ArgumentOutOfRangeException>(() => timer.Set(TimeSpan.FromTicks(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => timer.Set(TimeSpan.Zero, TimeSpan.FromTicks(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => TimerFd.Create((TimerClock)7));
    }

    [Fact]
    public async Task An_async_read_completes_with_the_expiration()
    {
        using TimerFd timer = TimerFd.Create();
        timer.Set(s_short);
        Task<ulong> read = timer.ReadAsync().AsTask();
        Assert.Equal(1ul, await read.OrHang());
    }

    [Fact]
    public async Task A_cancelled_read_takes_no_expiration()
    {
        using TimerFd timer = TimerFd.Create();
        using CancellationTokenSource cancel = new();
        Task<ulong> read = timer.ReadAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.OrHang());
        timer.Set(TimeSpan.Zero);
        Assert.Equal(1ul, timer.Read());
    }

    [Fact]
    public async Task Dispose_ends_an_async_read()
    {
        TimerFd timer = TimerFd.Create();
        Task<ulong> read = timer.ReadAsync().AsTask();
        timer.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => read.OrHang());
    }

    [Fact]
    public void Two_objects_share_one_timer()
    {
        using TimerFd timer = TimerFd.Create();
        using TimerFd other = TimerFd.FromHandle(timer.Handle);
        other.Set(TimeSpan.Zero);
        Assert.Equal(1ul, timer.Read());
    }

    [Fact]
    public void FromHandle_refuses_what_is_no_timerfd_and_leaves_it_open()
    {
        using EventFd counter = EventFd.Create();
        Assert.Throws<ArgumentException>(() => TimerFd.FromHandle(counter.Handle));
        Assert.False(counter.Handle.IsClosed);
    }

    private static void Poll(TimerFd timer) => EventLoop.WaitReadableAsync(timer.Handle).OrHang().GetAwaiter().GetResult();
}

using System.Diagnostics;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Signals;

public sealed class PosixTimerTests
{
    private static readonly Signal s_signal = Signal.RealTime(13);

    [Theory]
    [InlineData(PosixTimerClock.Monotonic)]
    [InlineData(PosixTimerClock.BootTime)]
    [InlineData(PosixTimerClock.RealTime)]
    public void Each_expiration_sends_its_value_never_early(PosixTimerClock clock)
    {
        using SignalStream stream = SignalStream.Open(s_signal);
        using PosixTimer timer = PosixTimer.Create(new PosixTimerOptions { Clock = clock, Signal = s_signal, Value = -3 });
        Assert.Equal(TimeSpan.Zero, timer.TimeLeft);
        long start = Stopwatch.GetTimestamp();
        timer.Set(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(10));
        Assert.Equal(TimeSpan.FromMilliseconds(10), timer.Period);
        int expirations = 0;
        while (expirations < 3)
        {
            SignalInfo info = stream.ReceiveInTime();
            Assert.Equal((SignalOrigin.Timer, -3, timer.Id), (info.Origin, info.Value!.Value, info.TimerId!.Value));
            Assert.Null(info.ProcessId);
            expirations += 1 + info.Overruns!.Value;
        }
        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(39));
        timer.Stop();
        Assert.Equal(TimeSpan.Zero, timer.TimeLeft);
    }

    [Fact]
    public void Expirations_while_the_signal_is_pending_are_overruns()
    {
        using SignalStream stream = SignalStream.Open(s_signal);
        using PosixTimer timer = PosixTimer.Create(s_signal, 1);
        using TimerFd clock = TimerFd.Create();
        timer.Set(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1));
        clock.Set(TimeSpan.FromMilliseconds(50));
        clock.Read();
        SignalInfo info = stream.ReceiveInTime();
        timer.Stop();
        Assert.True(info.Overruns >= 30, $"{info.Overruns} overruns in 50 ms.");
    }

    [Fact]
    public void Standard_signals_carry_timer_and_value_too()
    {
        using SignalStream stream = SignalStream.Open(Signal.SIGXCPU);
        using PosixTimer timer = PosixTimer.Create(Signal.SIGXCPU, 42);
        timer.Set(TimeSpan.Zero); // At once.
        SignalInfo info = stream.ReceiveInTime();
        Assert.Equal((SignalOrigin.Timer, 42, timer.Id), (info.Origin, info.Value, info.TimerId));
        Assert.Equal(info.Overruns, timer.Overruns);
    }

    [Fact]
    public async Task A_thread_can_be_meant()
    {
        Task<SignalInfo> thread = Task.Factory.StartNew(WaitForTimer, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        SignalInfo info = await thread.OrHang();
        Assert.Equal((SignalOrigin.Timer, 5), (info.Origin, info.Value));
        PosixException error = Assert.Throws<PosixException>(
            () => PosixTimer.Create(new PosixTimerOptions { Signal = s_signal, ThreadId = 1 << 22 }));
        Assert.Equal(Errno.EINVAL, error.Errno);
        Assert.Contains("thread", error.Message, StringComparison.Ordinal);

        static SignalInfo WaitForTimer()
        {
            using SignalMaskScope scope = ThreadSignals.Block([s_signal]);
            using PosixTimer timer = PosixTimer.Create(
                new PosixTimerOptions { Signal = s_signal, ThreadId = CurrentThread.Id, Value = 5, Clock = PosixTimerClock.BootTime });
            timer.Set(TimeSpan.FromMilliseconds(50));
            return ThreadSignals.Wait([s_signal]);
        }
    }

    [Fact]
    public void A_silent_timer_is_only_asked()
    {
        using PosixTimer timer = PosixTimer.Create(new PosixTimerOptions());
        timer.Set(TimeSpan.FromHours(1));
        Assert.InRange(timer.TimeLeft, TimeSpan.FromMinutes(59), TimeSpan.FromHours(1));
    }

    [Theory]
    [InlineData(PosixTimerClock.ProcessCpuTime)]
    [InlineData(PosixTimerClock.ThreadCpuTime)]
    public void CPU_time_is_counted(PosixTimerClock clock)
    {
        using SignalStream stream = SignalStream.Open(s_signal);
        using PosixTimer timer = PosixTimer.Create(new PosixTimerOptions { Clock = clock, Signal = s_signal });
        TimeSpan start = CurrentThread.CpuTime;
        timer.Set(TimeSpan.FromMilliseconds(20));
        SignalInfo info;
        while (!stream.TryReceive(out info))
        {
            Thread.SpinWait(1000);
        }
        Assert.Equal(timer.Id, info.TimerId);
        if (clock == PosixTimerClock.ThreadCpuTime)
        {
            Assert.True(CurrentThread.CpuTime - start >= TimeSpan.FromMilliseconds(20));
        }
    }

    [Fact]
    public void A_time_of_day_can_be_meant()
    {
        using SignalStream stream = SignalStream.Open(s_signal);
        using PosixTimer timer = PosixTimer.Create(new PosixTimerOptions { Clock = PosixTimerClock.RealTime, Signal = s_signal });
        timer.SetAt(DateTimeOffset.UnixEpoch); // Long ago: at once.
        Assert.Equal(timer.Id, stream.ReceiveInTime().TimerId);
        timer.SetAt(DateTimeOffset.UnixEpoch.AddYears(300));
        Assert.True(timer.TimeLeft > TimeSpan.FromDays(365));
        using PosixTimer other = PosixTimer.Create(s_signal);
        Assert.Throws<InvalidOperationException>(() => other.SetAt(DateTimeOffset.UnixEpoch));
        Assert.Throws<ArgumentOutOfRangeException>(() => timer.SetAt(DateTimeOffset.UnixEpoch.AddTicks(-1)));
    }

    [Fact]
    public void A_disposed_timer_is_gone()
    {
        PosixTimer timer = PosixTimer.Create(s_signal);
        timer.Dispose();
        timer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => timer.Set(TimeSpan.FromSeconds(1)));
        Assert.Throws<ObjectDisposedException>(() => timer.TimeLeft);
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        using PosixTimer timer = PosixTimer.Create(s_signal);
        Assert.Throws<ArgumentOutOfRangeException>(() => timer.Set(TimeSpan.FromTicks(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => timer.Set(TimeSpan.Zero, TimeSpan.FromTicks(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => PosixTimer.Create(new PosixTimerOptions { Clock = (PosixTimerClock)99 }));
        Assert.Throws<ArgumentException>(() => PosixTimer.Create(default(Signal)));
        Assert.Throws<ArgumentException>(() => PosixTimer.Create(Signal.SIGSEGV));
        Assert.Throws<PosixException>(() => PosixTimer.Create(Signal.SIGKILL));
    }
}

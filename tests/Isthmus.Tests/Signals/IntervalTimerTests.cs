using System.Diagnostics;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Signals;

/// <summary>In a process of their own: there is one of each.</summary>
public sealed class IntervalTimerTests
{
    [Fact]
    public void The_real_timer_is_that_of_alarm_and_ends_a_process_that_does_not_catch_it()
    {
        using Child child = Child.Start(AlarmBody);
        Assert.Equal("alarm: Kernel, never early: True, left when stopped: 00:00:00", child.ReadLine());
        Assert.Equal("period 00:00:00.0100000", child.ReadLine());
        child.WriteLine("go");
        Assert.Equal(128 + Signal.SIGALRM.Number, child.WaitForExit());
    }

    [Fact]
    public void The_other_two_count_CPU_time()
    {
        using Child child = Child.Start(CpuBody);
        Assert.Equal("SIGVTALRM Kernel", child.ReadLine());
        Assert.Equal("SIGPROF Kernel", child.ReadLine());
        Assert.Equal(0, child.WaitForExit());
    }

    [Fact]
    public void Negative_times_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => IntervalTimer.Virtual.Set(TimeSpan.FromTicks(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => IntervalTimer.Virtual.Set(TimeSpan.Zero, TimeSpan.FromTicks(-1)));
        Assert.Equal((Signal.SIGALRM, Signal.SIGVTALRM, Signal.SIGPROF),
            (IntervalTimer.Real.Signal, IntervalTimer.Virtual.Signal, IntervalTimer.Profiling.Signal));
    }

    private static void AlarmBody(string[] args)
    {
        using (SignalStream stream = SignalStream.Open(Signal.SIGALRM))
        {
            long start = Stopwatch.GetTimestamp();
            IntervalTimer.Real.Set(TimeSpan.FromMilliseconds(20));
            SignalInfo info = stream.Receive();
            bool inTime = Stopwatch.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(20);
            IntervalTimer.Real.Set(TimeSpan.FromHours(1), TimeSpan.FromMilliseconds(10));
            TimeSpan period = IntervalTimer.Real.Period;
            IntervalTimer.Real.Stop();
            Console.WriteLine($"alarm: {info.Origin}, never early: {inTime}, left when stopped: {IntervalTimer.Real.TimeLeft}");
            Console.WriteLine($"period {period}");
        }
        Console.ReadLine();
        IntervalTimer.Real.Set(TimeSpan.Zero);
        Thread.Sleep(Timeout.Infinite);
    }

    private static void CpuBody(string[] args)
    {
        using SignalStream stream = SignalStream.Open(Signal.SIGVTALRM, Signal.SIGPROF);
        foreach (IntervalTimer timer in (IntervalTimer[])[IntervalTimer.Virtual, IntervalTimer.Profiling])
        {
            timer.Set(TimeSpan.FromMilliseconds(5));
            SignalInfo info;
            while (!stream.TryReceive(out info))
            {
                Thread.SpinWait(10_000);
            }
            Console.WriteLine($"{info.Signal} {info.Origin}");
        }
    }
}

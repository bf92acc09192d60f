using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Signals;

public sealed class ThreadSignalsTests
{
    private static readonly Signal s_low = Signal.RealTime(10);
    private static readonly Signal s_high = Signal.RealTime(11);
    private static readonly SignalSet s_own = [s_low, s_high, Signal.SIGUSR1];

    // Tests that run beside this one have others blocked, in all threads.
    private static SignalSet Mask => ThreadSignals.Blocked.Intersect(s_own);

    [Fact]
    public void A_scope_takes_back_its_own_change_only() => InThread(() =>
    {
        using (ThreadSignals.Block([s_low]))
        {
            _ = ThreadSignals.Block([s_high]); // Stays.
        }
        Assert.Equal([s_high], Mask);
    });

    [Fact]
    public void A_scope_blocks_and_restores() => InThread(() =>
    {
        Assert.Equal(SignalSet.Empty, Mask);
        using (ThreadSignals.Block([s_low, Signal.SIGUSR1]))
        {
            using (ThreadSignals.Block([s_high]))
            {
                Assert.Equal([Signal.SIGUSR1, s_low, s_high], Mask);
                using (ThreadSignals.Unblock([s_low]))
                {
                    Assert.Equal([Signal.SIGUSR1, s_high], Mask);
                }
            }
            Assert.Equal([Signal.SIGUSR1, s_low], Mask);
        }
        Assert.Equal(SignalSet.Empty, Mask);
    });

    [Fact]
    public void All_that_may_be_blocked_is_blocked_in_this_thread_only() => InThread(() =>
    {
        using SignalMaskScope scope = ThreadSignals.Block(SignalSet.All);
        Assert.Equal(SignalSet.All, ThreadSignals.Blocked);
        Assert.Equal(SignalSet.All, SignalState.ReadThread(Environment.ProcessId, CurrentThread.Id).Blocked);
        Assert.False(SignalState.Read(Environment.ProcessId).Blocked.Contains(Signal.SIGTERM));
        GC.Collect(); // The runtime still gets at the thread.
    });

    [Fact]
    public void A_blocked_signal_is_pending_until_it_is_waited_for_once_if_standard_and_each_time_if_real_time() => InThread(() =>
    {
        using SignalMaskScope scope = ThreadSignals.Block([Signal.SIGUSR1, s_low, s_high]);
        Assert.Equal(SignalSet.Empty, ThreadSignals.Pending.Intersect(s_own));
        ThreadSignals.Raise(Signal.SIGUSR1);
        ThreadSignals.Raise(Signal.SIGUSR1); // Merged with the first.
        Assert.True(ThreadSignals.Queue(CurrentThread.Id, s_high, 1));
        Assert.True(ThreadSignals.Queue(CurrentThread.Id, s_low, 2));
        Assert.True(ThreadSignals.Queue(CurrentThread.Id, s_low, 3));
        Assert.Equal([Signal.SIGUSR1, s_low, s_high], ThreadSignals.Pending.Intersect(s_own));
        SignalState state = SignalState.ReadThread(Environment.ProcessId, CurrentThread.Id);
        Assert.Equal([Signal.SIGUSR1, s_low, s_high], state.Pending);
        Assert.True(state.QueuedCount >= 4 && state.QueuedCount <= state.QueuedMax);

        SignalInfo[] received = [.. Enumerable.Range(0, 4).Select(_ => ThreadSignals.Wait([Signal.SIGUSR1, s_low, s_high]))];

        Assert.Equal([Signal.SIGUSR1, s_low, s_low, s_high], received.Select(info => info.Signal));
        Assert.Equal([null, 2, 3, 1], received.Select(info => info.Value));
        Assert.Equal([SignalOrigin.Thread, SignalOrigin.Queue, SignalOrigin.Queue, SignalOrigin.Queue], received.Select(info => info.Origin));
        Assert.All(received, info => Assert.Equal(Environment.ProcessId, info.ProcessId));
        Assert.False(ThreadSignals.TryWait([Signal.SIGUSR1, s_low, s_high], TimeSpan.Zero, out _));
    });

    [Fact]
    public void A_timed_wait_ends_at_its_deadline_though_other_signals_interrupt_it() => InThread(() =>
    {
        using SignalMaskScope scope = ThreadSignals.Block([s_low]);
        using ThreadAlarm alarm = ThreadAlarm.Current;
        alarm.Start(TimeSpan.FromMilliseconds(1)); // Every millisecond, as the handler stands without SA_RESTART: EINTR.
        long start = Stopwatch.GetTimestamp();
        Assert.False(ThreadSignals.TryWait([s_low], TimeSpan.FromMilliseconds(30), out _));
        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(30));
        alarm.Stop();
    });

    [Fact]
    public void A_wait_gets_what_another_thread_sends()
    {
        int thread = 0;
        Blocked waiting = Blocked.In(() =>
        {
            using SignalMaskScope scope = ThreadSignals.Block([s_high]);
            thread = CurrentThread.Id;
            Assert.Equal(77, ThreadSignals.Wait([s_high]).Value);
        });
        Assert.True(ThreadSignals.Queue(thread, s_high, 77));
        waiting.Join();
        Assert.False(ThreadSignals.Send(thread, Signal.SIGWINCH) && !SpinWait.SpinUntil(() => !ThreadSignals.Send(thread, Signal.SIGWINCH), Child.Limit));
        Assert.False(ThreadSignals.Queue(thread, Signal.SIGWINCH, 1));
    }

    [Fact]
    public void To_wait_for_what_is_not_blocked_is_refused() => InThread(() =>
    {
        using SignalMaskScope scope = ThreadSignals.Block([s_low]);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => ThreadSignals.Wait([s_low, s_high]));
        Assert.Contains("SIGRTMIN+11", error.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ThreadSignals.Raise(default));
        Assert.Throws<ArgumentException>(() => ThreadSignals.Queue(CurrentThread.Id, default, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ThreadSignals.Send(0, Signal.SIGURG));
        Assert.Throws<ArgumentOutOfRangeException>(() => ThreadSignals.Send(-1, Signal.SIGURG));
        Assert.Throws<ArgumentOutOfRangeException>(() => ThreadSignals.TryWait([s_low], TimeSpan.FromTicks(-5), out _));
        // Another process's thread is none of ours.
        using Child child = Child.Start(IdleBody);
        child.ReadLine();
        Assert.False(ThreadSignals.Send(child.Id, Signal.SIGKILL));
        child.WriteLine("end");
        Assert.Equal(0, child.WaitForExit());
    }

    [Fact]
    public void A_signal_to_a_thread_that_waits_in_a_lock_does_not_show()
    {
        using SemaphoreSlim gate = new(0);
        int thread = 0;
        using SignalStream stream = SignalStream.Open(new Signal(30));
        Blocked waiting = Blocked.In(() =>
        {
            thread = CurrentThread.Id;
            gate.Wait();
        });
        for (int i = 0; i < 100; i++)
        {
            Assert.True(ThreadSignals.Send(thread, new Signal(30)));
            Assert.Equal(SignalOrigin.Thread, stream.ReceiveInTime().Origin);
        }
        gate.Release();
        waiting.Join();
    }

    [Fact]
    public void Waiting_for_pending_signals_allocates_nothing() => InThread(() =>
    {
        using SignalMaskScope scope = ThreadSignals.Block([s_low]);
        SignalSet set = [s_low];
        Assert.Equal(0, Allocated.ByThisThread(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                ThreadSignals.Queue(CurrentThread.Id, s_low, 1);
                ThreadSignals.TryWait(set, TimeSpan.FromSeconds(1), out _);
                ThreadSignals.TryWait(set, TimeSpan.Zero, out _);
            }
        }));
    });

    private static void IdleBody(string[] args)
    {
        Console.WriteLine("ready");
        Console.ReadLine();
    }

    // The mask stays on the thread that it was set on.
    private static void InThread(Action body)
    {
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                body();
            }
            catch (Exception error)
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }
        });
        thread.Start();
        Assert.True(thread.Join(Child.Limit));
        failure?.Throw();
    }
}

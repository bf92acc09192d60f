using Isthmus.Native;
using Isthmus.Tests.Harness;
using Isthmus.Tests.Processes;

namespace Isthmus.Tests.Signals;

public sealed class SignalStreamTests
{
    // This class's own, as a signal goes to one stream of the process.
    private static readonly Signal s_first = Signal.RealTime(1);
    private static readonly Signal s_second = Signal.RealTime(2);
    private static readonly Signal s_third = Signal.RealTime(3);

    private readonly ProcessHandle _self = ProcessHandle.Open(Environment.ProcessId);

    [Fact]
    public void A_standard_signal_tells_who_sent_it()
    {
        using SignalStream stream = SignalStream.Open(Signal.SIGUSR1);
        Assert.Equal(SignalDisposition.Catch, Signal.SIGUSR1.GetDisposition());
        (_, int exitCode) = Peer.Run("sh", ["-c", $"kill -USR1 {Environment.ProcessId}"]);
        Assert.Equal(0, exitCode);
        SignalInfo info = stream.ReceiveInTime();
        Assert.Equal((Signal.SIGUSR1, SignalOrigin.User, 0), (info.Signal, info.Origin, info.Code));
        Assert.NotEqual(Environment.ProcessId, info.ProcessId);
        Assert.Equal(LibC.getuid(), info.UserId);
        Assert.Null(info.Value);
        Assert.Null(info.TimerId);
        Assert.Null(info.ChildExitCode);
    }

    [Fact]
    public void A_standard_signal_to_a_thread_and_one_with_a_value_are_told_apart()
    {
        using SignalStream stream = SignalStream.Open(Signal.SIGUSR2);
        ThreadSignals.Raise(Signal.SIGUSR2);
        Assert.Equal((SignalOrigin.Thread, Environment.ProcessId), (stream.ReceiveInTime().Origin, Environment.ProcessId));
        Assert.True(_self.Queue(Signal.SIGUSR2, nint.MinValue + 5));
        SignalInfo queued = stream.ReceiveInTime();
        Assert.Equal((SignalOrigin.Queue, 5, nint.MinValue + 5), (queued.Origin, queued.Value, queued.PointerValue));
    }

    [Fact]
    public void Queued_signals_come_in_order_with_their_values_the_lowest_number_first()
    {
        using SignalStream stream = SignalStream.Open(s_first, s_second);
        for (int i = 0; i < 1000; i++)
        {
            Assert.True(_self.Queue(i % 2 == 0 ? s_second : s_first, -i));
        }
        for (int i = 0; i < 1000; i++)
        {
            SignalInfo info = stream.ReceiveInTime();
            Assert.Equal((i < 500 ? s_first : s_second, -(i < 500 ? (2 * i) + 1 : (2 * i) - 1000)), (info.Signal, info.Value!.Value));
            Assert.Equal((SignalOrigin.Queue, Environment.ProcessId, LibC.getuid()), (info.Origin, info.ProcessId!.Value, info.UserId!.Value));
        }
        Assert.False(stream.TryReceive(out _));
        Assert.Equal(0, stream.Dropped);
    }

    [Fact]
    public async Task Busy_threads_and_a_reader_that_stalls_lose_and_reorder_nothing()
    {
        const int Count = 5000;
        using SignalStream stream = SignalStream.Open(s_third);
        using CancellationTokenSource enough = new();
        // Threads that compute, and threads that come and go, so that there are always new ones.
        Thread[] busy = [.. Enumerable.Range(0, 4).Select(n => new Thread(() => Work(n, enough.Token)) { IsBackground = true })];
        Array.ForEach(busy, thread => thread.Start());
        Task send = Task.Run(() =>
        {
            for (int i = 0; i < Count; i++)
            {
                _self.Queue(s_third, i);
            }
        });
        await send.OrHang(); // Only now does the reader begin.
        for (int i = 0; i < Count; i++)
        {
            Assert.Equal(i, stream.ReceiveInTime().Value);
        }
        await enough.CancelAsync();
        Array.ForEach(busy, thread => thread.Join());
        Assert.Equal(0, stream.Dropped);

        static void Work(int number, CancellationToken enough)
        {
            while (!enough.IsCancellationRequested)
            {
                Thread.SpinWait(10_000);
                if (number == 0)
                {
                    Thread other = new(() => Thread.SpinWait(1000));
                    other.Start();
                    other.Join();
                }
            }
        }
    }

    [Fact]
    public void Standard_and_real_time_signals_come_from_one_stream_the_standard_ones_first()
    {
        using SignalStream stream = SignalStream.Open(s_first, Signal.SIGALRM);
        Blocked receiver = Blocked.In(() => Assert.Equal(s_first, stream.Receive().Signal));
        _self.Queue(s_first, 1);
        receiver.Join();
        _self.Queue(s_first, 2);
        ThreadSignals.Raise(Signal.SIGALRM);
        Assert.Equal(Signal.SIGALRM, stream.ReceiveInTime().Signal);
        Assert.True(stream.TryReceive(Child.Limit, out SignalInfo last));
        Assert.Equal((s_first, 2), (last.Signal, last.Value));
        Assert.False(stream.TryReceive(TimeSpan.FromMilliseconds(20), out _));
        Assert.Equal([Signal.SIGALRM, s_first], stream.Signals);
    }

    [Fact]
    public void Standard_signals_that_wait_for_one_thread_come_lowest_number_first()
    {
        using SignalStream stream = SignalStream.Open(Signal.SIGXFSZ, Signal.SIGUSR2, Signal.SIGUSR1);
        Thread thread = new(() =>
        {
            using (ThreadSignals.Block(stream.Signals))
            {
                foreach (Signal signal in (Signal[])[Signal.SIGXFSZ, Signal.SIGUSR1, Signal.SIGUSR2])
                {
                    ThreadSignals.Raise(signal);
                }
            }
        });
        thread.Start();
        thread.Join();
        Assert.Equal([Signal.SIGUSR1, Signal.SIGUSR2, Signal.SIGXFSZ], Enumerable.Range(0, 3).Select(_ => stream.ReceiveInTime().Signal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Signals_are_awaited_and_a_cancelled_wait_takes_none(bool mixed)
    {
        using SignalStream stream = mixed ? SignalStream.Open(s_first, Signal.SIGVTALRM) : SignalStream.Open(s_first);
        using CancellationTokenSource cancel = new();
        Task<SignalInfo> cancelled = stream.ReceiveAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(cancelled.OrHang);
        Task<SignalInfo> waiting = stream.ReceiveAsync().AsTask();
        Assert.False(waiting.IsCompleted);
        _self.Queue(s_first, 7);
        Assert.Equal(7, (await waiting.OrHang()).Value);
        _self.Queue(s_first, 8);
        await foreach (SignalInfo info in stream)
        {
            Assert.Equal(8, info.Value);
            break;
        }
    }

    [Fact]
    public async Task Several_who_wait_get_one_signal_each()
    {
        using SignalStream stream = SignalStream.Open(s_first);
        Task<SignalInfo>[] waiting = [.. Enumerable.Range(0, 10).Select(_ => stream.ReceiveAsync().AsTask())];
        for (int i = 0; i < waiting.Length; i++)
        {
            _self.Queue(s_first, i);
        }
        SignalInfo[] received = await Task.WhenAll(waiting).OrHang();
        Assert.Equal(Enumerable.Range(0, waiting.Length), received.Select(info => info.Value!.Value).Order());
    }

    [Fact]
    public void What_the_pipe_does_not_hold_is_counted()
    {
        const int Count = 10_000; // The pipe holds 8,192 at most.
        using SignalStream stream = SignalStream.Open(Signal.SIGPROF);
        for (int i = 0; i < Count; i++)
        {
            ThreadSignals.Raise(Signal.SIGPROF); // Handled before it returns.
        }
        int received = 0;
        while (stream.TryReceive(out _))
        {
            received++;
        }
        Assert.InRange(stream.Dropped, 1, Count - 512);
        Assert.Equal(Count, received + stream.Dropped);
    }

    [Fact]
    public async Task Dispose_ends_waits_and_later_calls()
    {
        SignalStream stream = SignalStream.Open(s_second, Signal.SIGIO);
        Task<SignalInfo> waiting = stream.ReceiveAsync().AsTask();
        stream.Dispose();
        stream.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(waiting.OrHang);
        Assert.Throws<ObjectDisposedException>(() => stream.TryReceive(out _));
        Assert.Throws<ObjectDisposedException>(() => stream.Receive());
    }

    [Fact]
    public void A_stream_that_could_not_be_opened_leaves_timed_waits_as_they_were()
    {
        using Child child = Child.Start(OpenWithoutDescriptorsAndWait);
        Assert.Equal("refused", child.ReadLine());
        Assert.Equal("the wait ended", child.ReadLine());
    }

    [Fact]
    public void Dispose_ends_a_thread_that_blocks_for_standard_signals_and_gives_it_no_signal()
    {
        SignalStream stream = SignalStream.Open(Signal.SIGIO);
        Blocked receive = Blocked.In(() => stream.Receive());
        stream.Dispose();
        Assert.Throws<ObjectDisposedException>(receive.Join);
    }

    [Fact]
    public async Task Dispose_puts_back_what_stood_there_before()
    {
        Signal.SIGIO.SetDisposition(SignalDisposition.Ignore);
        SignalStream stream = SignalStream.Open(Signal.SIGIO, s_second);
        Assert.True(SignalState.Read(Environment.ProcessId).Caught.Contains(s_second));
        for (int i = 0; i < 10; i++)
        {
            _self.Queue(s_second, i); // Nobody receives them; were they unblocked as they are, they would end this process.
        }
        stream.Dispose();
        Assert.Equal(SignalDisposition.Ignore, Signal.SIGIO.GetDisposition());
        Signal.SIGIO.SetDisposition(SignalDisposition.Default);
        Assert.Equal(SignalDisposition.Default, s_second.GetDisposition());
        Assert.Equal(SignalDisposition.Default, Signal.SIGIO.GetDisposition());
        // A thread that is starting another, or a process, has all signals blocked for a moment.
        await Eventually.IsTrue(() => !Masks().Any(mask => mask.Contains(s_second)));
        using SignalStream again = SignalStream.Open(s_second);
        Assert.False(again.TryReceive(out _));
    }

    [Fact]
    public void A_thread_that_had_the_signal_blocked_before_keeps_it_blocked()
    {
        using ManualResetEventSlim blocked = new(), done = new();
        SignalSet after = default;
        Thread thread = new(() =>
        {
            ThreadSignals.Block([s_third]);
            blocked.Set();
            done.Wait();
            after = ThreadSignals.Blocked;
        });
        thread.Start();
        blocked.Wait();
        SignalStream.Open(s_third).Dispose();
        done.Set();
        thread.Join();
        Assert.True(after.Contains(s_third));
    }

    [Fact]
    public void A_thread_that_unblocks_the_signal_loses_none()
    {
        using SignalStream stream = SignalStream.Open(s_first);
        Thread thread = new(() =>
        {
            ThreadSignals.Unblock([s_first]);
            for (int i = 0; i < 100; i++)
            {
                ThreadSignals.Queue(CurrentThread.Id, s_first, i); // Handled here, and passed on to the process.
                ThreadSignals.Unblock([s_first]);
            }
        });
        thread.Start();
        thread.Join();
        Assert.Equal(Enumerable.Range(0, 100), Enumerable.Range(0, 100).Select(_ => stream.ReceiveInTime().Value!.Value));
    }

    [Fact]
    public void All_threads_have_a_real_time_signal_blocked_while_it_is_received()
    {
        using SignalStream stream = SignalStream.Open(s_first);
        Assert.All(Masks(), mask => Assert.True(mask.Contains(s_first)));
        bool inherited = false;
        Thread thread = new(() => inherited = ThreadSignals.Blocked.Contains(s_first));
        thread.Start();
        thread.Join();
        Assert.True(inherited);
    }

    [Fact]
    public async Task Children_of_the_BCL_inherit_the_mask_and_ours_do_not()
    {
        using SignalStream stream = SignalStream.Open(s_first);
        Assert.True(BlockedIn(Peer.Run("cat", ["/proc/self/status"]).Output).Contains(s_first));
        Assert.Equal(SignalSet.Empty, BlockedIn((await ChildProcess.RunAsync("/bin/cat", ["/proc/self/status"])).OutputText));

        static SignalSet BlockedIn(string status) => new(
            ulong.Parse(status.Split("SigBlk:\t")[1].Split('\n')[0], System.Globalization.NumberStyles.HexNumber, null));
    }

    [Fact]
    public void A_signal_goes_to_one_stream_of_the_process()
    {
        using SignalStream stream = SignalStream.Open(s_first, Signal.SIGVTALRM);
        Assert.Contains(
            "SIGRTMIN+1", Assert.Throws<InvalidOperationException>(() => SignalStream.Open(s_second, s_first)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => SignalStream.Open(Signal.SIGVTALRM));
        Assert.Throws<InvalidOperationException>(() => Signal.SIGVTALRM.SetDisposition(SignalDisposition.Ignore));
        SignalStream.Open(s_second).Dispose(); // The refused one took nothing.
    }

    [Theory]
    [InlineData(9)]
    [InlineData(19)]
    public void SIGKILL_and_SIGSTOP_cannot_be_caught_blocked_or_ignored(int number)
    {
        Signal signal = new(number);
        Action[] attempts =
        [
            () => SignalStream.Open(signal),
            () => SignalStream.Open(Signal.SIGUSR2, signal),
            () => signal.SetDisposition(SignalDisposition.Ignore),
            () => signal.SetDisposition(SignalDisposition.Default),
            () => ThreadSignals.Block([signal]),
        ];
        Assert.All(attempts, attempt =>
        {
            PosixException error = Assert.Throws<PosixException>(attempt);
            Assert.Equal(Errno.EINVAL, error.Errno);
            Assert.Contains("can be neither caught, blocked nor ignored", error.Message, StringComparison.Ordinal);
        });
        Assert.Equal(SignalReservation.Kernel, signal.GetReservation());
    }

    [Theory]
    [InlineData(11, SignalReservation.Fault)]
    [InlineData(8, SignalReservation.Fault)]
    [InlineData(7, SignalReservation.Fault)]
    [InlineData(4, SignalReservation.Fault)]
    [InlineData(6, SignalReservation.Fault)]
    [InlineData(34, SignalReservation.Runtime)]
    [InlineData(0, SignalReservation.Isthmus)]
    public void What_the_runtime_or_the_library_needs_is_refused(int number, SignalReservation reservation)
    {
        Signal signal = new(number == 0 ? InterruptSignal.Number : number);
        Assert.Equal(reservation, signal.GetReservation());
        Assert.Throws<ArgumentException>(() => SignalStream.Open(signal));
        Assert.Throws<ArgumentException>(() => signal.SetDisposition(SignalDisposition.Ignore));
        Assert.Throws<ArgumentException>(() => ThreadSignals.Block([signal]));
        Assert.False(SignalSet.All.Contains(signal));
    }

    [Fact]
    public void No_signal_is_refused()
    {
        Assert.Throws<ArgumentException>(() => SignalStream.Open());
        Assert.Throws<ArgumentException>(() => SignalStream.Open(default(Signal)));
    }

    [Fact]
    public void A_real_time_signal_with_a_handler_of_others_is_refused()
    {
        using System.Runtime.InteropServices.PosixSignalRegistration registration =
            System.Runtime.InteropServices.PosixSignalRegistration.Create((System.Runtime.InteropServices.PosixSignal)Signal.RealTime(4).Number, _ => { });
        Assert.Throws<InvalidOperationException>(() => SignalStream.Open(Signal.RealTime(4)));
        SignalStream.Open(s_first).Dispose();
    }

    private static IEnumerable<SignalSet> Masks()
    {
        foreach (int thread in ThreadInfo.TaskIds(Environment.ProcessId))
        {
            if (SignalState.TryReadThread(Environment.ProcessId, thread, out SignalState? state))
            {
                yield return state.Blocked;
            }
        }
    }

    private static void OpenWithoutDescriptorsAndWait(string[] args)
    {
        using AnonymousMemory memory = AnonymousMemory.Create(PosixSemaphore.SizeBytes);
        using PosixSemaphore semaphore = PosixSemaphore.CreateIn(memory, 0, initialValue: 0);
        SignalStream.Open(Signal.RealTime(1)).Dispose(); // Loads what it needs.
        using (FewDescriptors.Leave(0))
        {
            Assert.ThrowsAny<IOException>(() => SignalStream.Open(Signal.RealTime(1)));
        }
        Console.WriteLine("refused");
        Console.WriteLine(semaphore.TryAcquire(TimeSpan.FromMilliseconds(20)) ? "a unit from nowhere" : "the wait ended");
    }
}

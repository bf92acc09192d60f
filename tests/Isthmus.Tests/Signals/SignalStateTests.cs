using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Signals;

public sealed class SignalStateTests
{
    [Fact]
    public void What_a_process_ignores_and_catches_is_told()
    {
        using Child child = Child.Start(StateBody);
        Assert.Equal("ready", child.ReadLine());
        using ProcessHandle process = ProcessHandle.Open(child.Id);
        process.Queue(Signal.RealTime(1), 1);
        process.Queue(Signal.RealTime(1), 2);
        SignalState state = process.ReadSignals();
        Assert.Equal((child.Id, child.Id), (state.ProcessId, state.ThreadId));
        Assert.Equal(SignalDisposition.Ignore, state.DispositionOf(Signal.SIGUSR1));
        Assert.Equal(SignalDisposition.Catch, state.DispositionOf(Signal.SIGUSR2));
        Assert.Equal(SignalDisposition.Default, state.DispositionOf(Signal.SIGIO));
        Assert.True(state.Blocked.Contains(Signal.RealTime(1)));
        Assert.True(state.SharedPending.Contains(Signal.RealTime(1)));
        Assert.Equal(SignalSet.Empty, state.Pending);
        Assert.True(state.QueuedCount >= 2);
        child.WriteLine("end");
        Assert.Equal(0, child.WaitForExit());
    }

    [Fact]
    public void It_says_what_ps_says()
    {
        int id = Environment.ProcessId;
        SignalState state = SignalState.Read(id);
        string[] ps = Peer.Run("ps", ["-o", "caught=,ignored=", "-p", $"{id}"]).Output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        // Tests that run beside this one catch and ignore some more.
        SignalSet steady = [Signal.SIGTERM, Signal.SIGPIPE, Signal.SIGSEGV, Signal.RealTime(0), Signal.SIGTTIN];
        foreach (Signal signal in steady)
        {
            ulong bit = 1ul << (signal.Number - 1);
            Assert.Equal((Convert.ToUInt64(ps[0], 16) & bit) != 0, state.Caught.Contains(signal));
            Assert.Equal((Convert.ToUInt64(ps[1], 16) & bit) != 0, state.Ignored.Contains(signal));
        }
    }

    [Fact]
    public void What_is_not_there_is_ESRCH()
    {
        Assert.Equal(Errno.ESRCH, Assert.Throws<PosixException>(() => SignalState.Read(int.MaxValue)).Errno);
        Assert.Equal(Errno.ESRCH, Assert.Throws<PosixException>(() => SignalState.ReadThread(Environment.ProcessId, 1)).Errno);
    }

    private static void StateBody(string[] args)
    {
        Signal.SIGUSR1.SetDisposition(SignalDisposition.Ignore);
        using SignalStream stream = SignalStream.Open(Signal.SIGUSR2, Signal.RealTime(1));
        Console.WriteLine("ready");
        Console.ReadLine();
    }
}

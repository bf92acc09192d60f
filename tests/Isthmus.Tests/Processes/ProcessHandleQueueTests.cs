using Isthmus.Native;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Processes;

/// <summary>Signals with a value, by pidfd.</summary>
public sealed class ProcessHandleQueueTests
{
    [Fact]
    public void A_process_that_has_ended_is_told_and_nobody_is_hit()
    {
        int pid = RawChild.StartAndAwaitZombie("exit 0");
        using ProcessHandle child = ProcessHandle.Open(pid);
        Assert.False(child.Queue(Signal.SIGKILL, 1));
        RawChild.Reap(pid);
        Assert.False(child.Queue(Signal.SIGKILL, 1));
        Assert.Equal(SignalQueueOutcome.Ended, child.TryQueue(Signal.SIGKILL, 1));
    }

    [Fact]
    public void A_full_queue_is_told_with_its_limit_and_sends_nothing()
    {
        using Child child = Child.Start(NoRoomBody);
        Assert.Equal("ready", child.ReadLine());
        using ProcessHandle process = ProcessHandle.Open(child.Id);
        Assert.Equal(SignalQueueOutcome.Full, process.TryQueue(Signal.RealTime(1), 1));
        PosixException error = Assert.Throws<PosixException>(() => process.Queue(Signal.RealTime(1), 1));
        Assert.Equal(Errno.EAGAIN, error.Errno);
        Assert.Contains("RLIMIT_SIGPENDING", error.Message, StringComparison.Ordinal);
        child.WriteLine("look");
        Assert.Equal("nothing", child.ReadLine());
        // A standard signal comes all the same, but the kernel has no room for what belongs to it.
        Assert.Equal(SignalQueueOutcome.Queued, process.TryQueue(Signal.SIGUSR1, 5));
        Assert.Equal("SIGUSR1", child.ReadLine());
    }

    [Fact]
    public void Another_users_process_is_EPERM()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only the superuser can become somebody else.");
        string setpriv = Peer.Require("setpriv");
        (string output, int exitCode) = Peer.Run(setpriv,
        [
            "--reuid=65534", "--regid=65534", "--clear-groups", "--", Environment.ProcessPath!,
            .. Child.Arguments(QueueBody, $"{Environment.ProcessId}"),
        ]);
        Assert.Equal("EPERM\n", output);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public void The_default_value_is_no_signal()
    {
        using ProcessHandle self = ProcessHandle.Open(Environment.ProcessId);
        Assert.Throws<ArgumentException>(() => self.Queue(default, 1));
        Assert.Throws<ArgumentException>(() => self.TryQueue(default, 1));
    }

    private static unsafe void NoRoomBody(string[] args)
    {
        using SignalStream stream = SignalStream.Open(Signal.RealTime(1), Signal.SIGUSR1);
        LibC.rlimit none = default;
        LibC.Check(LibC.prlimit(0, LibC.RLIMIT_SIGPENDING, &none, null));
        Console.WriteLine("ready");
        Console.ReadLine();
        Console.WriteLine(stream.TryReceive(out _) ? "something" : "nothing");
        Console.WriteLine(stream.Receive().Signal);
    }

    private static void QueueBody(string[] args)
    {
        using ProcessHandle other = ProcessHandle.Open(int.Parse(args[0], null));
        UnauthorizedAccessException error = Assert.Throws<UnauthorizedAccessException>(() => other.Queue(Signal.SIGUSR1, 1));
        Console.WriteLine(((PosixException)error.InnerException!).Errno);
    }
}

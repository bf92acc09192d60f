using Isthmus.Native;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Claims;

public sealed class SignalClaims
{
    [Fact]
    [Claim(60, "SIGKILL and SIGSTOP cannot be caught.", Verdict.True,
        "Nor ignored, nor blocked: the kernel refuses with `EINVAL`, or leaves them out in silence.")]
    public unsafe void The_kernel_lets_nobody_change_SIGKILL_and_SIGSTOP()
    {
        LibC.sigaction ignore = new() { sa_handler = LibC.SIG_IGN };
        foreach (Signal signal in (Signal[])[Signal.SIGKILL, Signal.SIGSTOP])
        {
            Assert.Equal(-1, LibC.sigaction_of(signal.Number, &ignore, null));
            Assert.Equal(Errno.EINVAL, Errno.Last);
            Assert.Equal(Errno.EINVAL, Assert.Throws<PosixException>(() => SignalStream.Open(signal)).Errno);
        }
    }

    [Fact]
    [Claim(61, "A signal is the only asynchronous mechanism.", Verdict.HalfTrue,
        "It alone interrupts a thread that does something else. But whoever awaits is told of anything: here a pipe "
        + "runs code while nobody waits, and a signal is read like a message.")]
    public async Task A_pipe_runs_code_when_bytes_come_and_a_signal_is_read_in_turn()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        Task<int> reaction = ReactAsync(pipe.Reader);
        Assert.False(reaction.IsCompleted);
        pipe.Writer.Write([42]);
        Assert.Equal(42, await reaction.OrHang());

        using SignalStream signals = SignalStream.Open(Signal.RealTime(6));
        using ProcessHandle self = ProcessHandle.Open(Environment.ProcessId);
        self.Queue(Signal.RealTime(6), 43);
        Assert.Equal(43, (await signals.ReceiveAsync().OrHang()).Value);

        static async Task<int> ReactAsync(PipeReadEnd reader)
        {
            byte[] one = new byte[1];
            await reader.ReadExactlyAsync(one);
            return one[0];
        }
    }
}

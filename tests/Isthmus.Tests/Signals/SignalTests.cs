using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Signals;

public sealed class SignalTests
{
    [Fact]
    public void Names_are_those_that_the_shell_prints()
    {
        for (int number = 1; number <= 31; number++)
        {
            string name = Peer.Run("bash", ["-c", $"kill -l {number}"]).Output.Trim();
            Assert.Equal("SIG" + name, new Signal(number).Name);
            Assert.True(Signal.TryParse(name, out Signal parsed));
            Assert.Equal(number, parsed.Number);
        }
    }

    [Theory]
    [InlineData("TERM", 15)]
    [InlineData("sigterm", 15)]
    [InlineData("9", 9)]
    [InlineData("RTMIN", 34)]
    [InlineData("SIGRTMIN+3", 37)]
    [InlineData("RTMAX-1", 63)]
    [InlineData("IOT", 6)]
    public void A_signal_is_read_from_a_name_or_a_number(string text, int number)
    {
        Assert.True(Signal.TryParse(text, out Signal signal));
        Assert.Equal(number, signal.Number);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("32")]
    [InlineData("33")]
    [InlineData("65")]
    [InlineData("-1")]
    [InlineData("SIG")]
    [InlineData("NOPE")]
    [InlineData("RTMIN+31")]
    [InlineData("RTMIN-1")]
    [InlineData("RTMAX+1")]
    public void What_is_no_signal_is_refused(string? text) => Assert.False(Signal.TryParse(text, out _));

    [Fact]
    public void The_signals_of_libc_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Signal(32));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Signal(33));
    }

    [Fact]
    public void Real_time_signals_are_named_from_SIGRTMIN()
    {
        Assert.Equal("SIGRTMIN", Signal.RealTime(0).ToString());
        Assert.Equal("SIGRTMIN+30", Signal.RealTime(30).ToString());
        Assert.Equal(34, Signal.RealTime(0).Number);
    }

    [Fact]
    public async Task Default_actions_are_those_that_the_kernel_takes()
    {
        using TemporaryDirectory directory = new();
        foreach (Signal signal in Enumerable.Range(1, 31).Select(number => new Signal(number)).Append(Signal.RealTime(1)))
        {
            using ChildProcess child = ChildProcess.Start(new ChildProcessOptions
            {
                FileName = "/bin/sleep",
                Arguments = ["1000"],
                WorkingDirectory = directory.Root, // For the cores.
                Limits = [new ResourceLimit(LimitedResource.CoreSize, 10_000_000)],
                Group = ChildGroup.New, // Ours may be without a parent in the session, as in a container; terminals stop nobody in such a one.
            });
            child.Process.Send(signal);
            Assert.Equal(signal.DefaultAction, await ActionAsync(child.Process, signal));
        }
    }

    // Of one that does nothing, the stop signal tells when it has done so.
    private static async Task<SignalAction> ActionAsync(ProcessHandle process, Signal signal)
    {
        if (signal.DefaultAction is SignalAction.Ignore or SignalAction.Continue)
        {
            process.Send(Signal.SIGSTOP);
        }
        await Eventually.IsTrue(() => process.HasExited || process.ReadStat().State == 'T');
        if (process.HasExited)
        {
            ExitStatus status = process.Wait();
            Assert.Equal(signal, status.Signal);
            return status.CoreDumped ? SignalAction.CoreDump : SignalAction.Terminate;
        }
        process.Send(Signal.SIGKILL);
        return signal.DefaultAction;
    }
}

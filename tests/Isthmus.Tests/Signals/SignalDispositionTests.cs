using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Signals;

public sealed class SignalDispositionTests
{
    [Fact]
    public void A_signal_is_ignored_and_has_its_default_action_again()
    {
        Assert.Equal(SignalDisposition.Default, Signal.RealTime(5).GetDisposition());
        Signal.RealTime(5).SetDisposition(SignalDisposition.Ignore);
        Assert.Equal(SignalDisposition.Ignore, Signal.RealTime(5).GetDisposition());
        ThreadSignals.Raise(Signal.RealTime(5)); // Would end this process.
        Assert.Equal(SignalDisposition.Ignore, SignalState.Read(Environment.ProcessId).DispositionOf(Signal.RealTime(5)));
        Signal.RealTime(5).SetDisposition(SignalDisposition.Default);
        Assert.Equal(SignalDisposition.Default, Signal.RealTime(5).GetDisposition());
    }

    [Fact]
    public void An_executed_program_inherits_what_is_ignored()
    {
        using Child child = Child.Start(IgnoreBody);
        Assert.Equal("ignored in the child: True", child.ReadLine());
        Assert.Equal("ignored in ours: False", child.ReadLine());
    }

    [Fact]
    public void To_catch_is_not_set_but_opened() =>
        Assert.Contains("SignalStream", Assert.Throws<ArgumentException>(
            () => Signal.SIGWINCH.SetDisposition(SignalDisposition.Catch)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_runtimes_handler_of_SIGCHLD_stays() =>
        Assert.Throws<ArgumentException>(() => Signal.SIGCHLD.SetDisposition(SignalDisposition.Ignore));

    [Fact]
    public void The_default_value_is_no_signal()
    {
        Assert.Throws<ArgumentException>(() => default(Signal).GetDisposition());
        Assert.Throws<ArgumentException>(() => default(Signal).SetDisposition(SignalDisposition.Ignore));
    }

    // Ignored signals stay ignored across exec; ChildProcess sets all to their defaults.
    private static void IgnoreBody(string[] args)
    {
        Signal.SIGUSR1.SetDisposition(SignalDisposition.Ignore);
        Console.WriteLine("ignored in the child: " + Ignores(Peer.Run("/bin/cat", ["/proc/self/status"]).Output));
        Console.WriteLine("ignored in ours: " + Ignores(ChildProcess.RunAsync("/bin/cat", ["/proc/self/status"]).GetAwaiter().GetResult().OutputText));
    }

    private static bool Ignores(string status) => new SignalSet(
        ulong.Parse(status.Split("SigIgn:\t")[1].Split('\n')[0], System.Globalization.NumberStyles.HexNumber, null)).Contains(Signal.SIGUSR1);
}

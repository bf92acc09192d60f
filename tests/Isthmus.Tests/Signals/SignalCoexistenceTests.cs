using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Signals;

/// <summary>A stream beside the runtime's own handlers. Each in a process of its own, as these signals end processes.</summary>
public sealed class SignalCoexistenceTests
{
    [Theory]
    [InlineData("before")]
    [InlineData("after")]
    public void A_registration_and_a_stream_both_hear_of_it_whichever_came_first(string order)
    {
        foreach (string signal in (string[])["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT", "SIGCONT", "SIGWINCH", "SIGTSTP"])
        {
            using Child child = Child.Start(BothBody, signal, order);
            Assert.Equal("ready", child.ReadLine());
            Kill(signal, child.Id);
            Assert.Equal($"{signal} for the registration", child.ReadLine());
            Assert.Equal($"{signal} User from somebody", child.ReadLine());
            // The registration is gone, the stream goes on.
            child.WriteLine("dispose registration");
            Assert.Equal("disposed", child.ReadLine());
            Kill(signal, child.Id);
            Assert.Equal($"{signal} User from somebody", child.ReadLine());
            child.WriteLine("end");
            Assert.Equal(0, child.WaitForExit());
        }
    }

    [Theory]
    [InlineData("SIGTERM")]
    [InlineData("SIGINT")]
    [InlineData("SIGHUP")]
    public void A_signal_ends_the_process_again_when_the_stream_is_disposed_of(string signal)
    {
        using Child child = Child.Start(DisposedBody, signal);
        Assert.Equal("received", child.ReadLine());
        Kill(signal, child.Id);
        Assert.Equal(128 + Parse(signal).Number, child.WaitForExit());
    }

    [Fact]
    public async Task Control_C_reaches_the_stream_and_the_console_and_does_not_end_the_process()
    {
        using PseudoTerminal terminal = PseudoTerminal.Create(new TerminalSize(80, 25));
        StandardStream side = StandardStream.Terminal(terminal);
        using ChildProcess child = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = Environment.ProcessPath!,
            Arguments = Child.Arguments(ConsoleBody),
            StandardInput = side,
            StandardOutput = side,
            StandardError = side,
        });
        await ReadUntilAsync(terminal, "ready");
        terminal.Write([3]);
        string output = await ReadUntilAsync(terminal, "done");
        Assert.Contains("stream: SIGINT Kernel", output, StringComparison.Ordinal);
        Assert.Contains("console: ControlC", output, StringComparison.Ordinal);
        Assert.Equal(0, (await child.WaitAsync().OrHang()).Code);
    }

    [Fact]
    public void The_end_of_children_is_told_with_status_and_times_while_the_BCL_sees_it_too()
    {
        using Child child = Child.Start(ChildrenBody);
        Assert.Equal("ChildExited code 7, BCL 7", child.ReadLine());
        Assert.Equal("ChildKilled SIGKILL, BCL 137", child.ReadLine());
        Assert.Equal("ChildStopped SIGSTOP", child.ReadLine());
        Assert.Equal("ChildContinued SIGCONT", child.ReadLine());
        Assert.Equal("BCL without a stream 3", child.ReadLine());
        Assert.Equal(0, child.WaitForExit());
    }

    private static void Kill(string signal, int pid) =>
        Assert.Equal(("", 0), Peer.Run("sh", ["-c", $"kill -{signal[3..]} {pid}"]));

    private static Signal Parse(string name) => Signal.TryParse(name, out Signal signal) ? signal : throw new ArgumentException(name);

    private static void BothBody(string[] args)
    {
        Signal signal = Parse(args[0]);
        SignalStream? stream = args[1] == "after" ? SignalStream.Open(signal) : null;
        using ManualResetEventSlim heard = new();
        PosixSignalRegistration registration = PosixSignalRegistration.Create((PosixSignal)signal.Number, context =>
        {
            Console.WriteLine($"{signal} for the registration");
            heard.Set();
        });
        stream ??= SignalStream.Open(signal);
        Console.WriteLine("ready");
        SignalInfo info = stream.Receive();
        heard.Wait();
        Print(info);
        Console.ReadLine();
        registration.Dispose();
        Console.WriteLine("disposed");
        Print(stream.Receive());
        Console.ReadLine();
        stream.Dispose();
    }

    private static void Print(SignalInfo info) => Console.WriteLine(
        $"{info.Signal} {info.Origin} from {(info.ProcessId is > 0 and var id && id != Environment.ProcessId ? "somebody" : "?")}");

    private static void DisposedBody(string[] args)
    {
        Signal signal = Parse(args[0]);
        using (SignalStream stream = SignalStream.Open(signal))
        {
            ThreadSignals.Raise(signal);
            stream.Receive();
        }
        Console.WriteLine("received");
        Console.ReadLine();
    }

    private static void ConsoleBody(string[] args)
    {
        using SignalStream stream = SignalStream.Open(Signal.SIGINT);
        using ManualResetEventSlim pressed = new();
        Console.CancelKeyPress += (_, key) =>
        {
            Console.WriteLine($"console: {key.SpecialKey}");
            pressed.Set();
        };
        Console.WriteLine("ready");
        SignalInfo info = stream.Receive();
        pressed.Wait();
        Console.WriteLine($"stream: {info.Signal} {info.Origin}");
        Console.WriteLine("done");
    }

    private static void ChildrenBody(string[] args)
    {
        using (SignalStream stream = SignalStream.Open(Signal.SIGCHLD))
        {
            using Process exits = Process.Start("/bin/sh", ["-c", "exit 7"]);
            SignalInfo info = Next(stream, exits.Id);
            Assert.True(info.ChildUserTime >= TimeSpan.Zero && info.ChildSystemTime >= TimeSpan.Zero);
            exits.WaitForExit();
            Console.WriteLine($"{info.Origin} code {info.ChildExitCode}, BCL {exits.ExitCode}");

            using Process dies = Process.Start("/bin/sleep", "1000");
            dies.Kill();
            info = Next(stream, dies.Id);
            dies.WaitForExit();
            Console.WriteLine($"{info.Origin} {info.ChildStateSignal}, BCL {dies.ExitCode}");

            using ChildProcess stops = ChildProcess.Start("/bin/sleep", "1000");
            stops.Process.Send(Signal.SIGSTOP);
            info = Next(stream, stops.Process.Id);
            Console.WriteLine($"{info.Origin} {info.ChildStateSignal}");
            stops.Process.Send(Signal.SIGCONT);
            info = Next(stream, stops.Process.Id);
            Console.WriteLine($"{info.Origin} {info.ChildStateSignal}");
            stops.Process.Send(Signal.SIGKILL);
            stops.Wait();
        }
        using Process last = Process.Start("/bin/sh", ["-c", "exit 3"]);
        last.WaitForExit();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"BCL without a stream {last.ExitCode}"));
    }

    private static SignalInfo Next(SignalStream stream, int processId)
    {
        while (true)
        {
            SignalInfo info = stream.Receive();
            if (info.ProcessId == processId)
            {
                return info;
            }
        }
    }

    private static async Task<string> ReadUntilAsync(PseudoTerminal terminal, string end)
    {
        StringBuilder output = new();
        byte[] buffer = new byte[1024];
        while (!output.ToString().Contains(end, StringComparison.Ordinal))
        {
            int count = await terminal.ReadAsync(buffer).OrHang();
            Assert.NotEqual(0, count);
            output.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }
        return output.ToString();
    }
}

using System.Diagnostics;

namespace Isthmus.Examples;

internal static class SignalsExample
{
    public static async Task RunAsync()
    {
        using SignalStream signals = SignalStream.Open(Signal.SIGUSR1, Signal.SIGCHLD, Signal.RealTime(1));

        // Each real-time signal is queued, with its value.
        using ProcessHandle self = ProcessHandle.Open(Environment.ProcessId); // Usually another process.
        self.Queue(Signal.RealTime(1), 42);
        self.Queue(Signal.RealTime(1), 43);
        for (int i = 0; i < 2; i++)
        {
            SignalInfo queued = await signals.ReceiveAsync();
            Console.WriteLine($"{queued.Signal} with {queued.Value}");
        }

        // The runtime has a handler of SIGCHLD, too: both hear of the child.
        ProcessStartInfo script = new("/bin/sh", ["-c", $"kill -USR1 {Environment.ProcessId}; read line; exit 3"]) { RedirectStandardInput = true };
        using Process child = Process.Start(script)!;
        SignalInfo fromChild = await signals.ReceiveAsync();
        Console.WriteLine($"{fromChild.Signal} from {(fromChild.ProcessId == child.Id ? "the child" : "somebody else")}");
        child.StandardInput.Close();
        SignalInfo ofChild = await signals.ReceiveAsync();
        await child.WaitForExitAsync();
        Console.WriteLine($"{ofChild.Signal}: {ofChild.Origin}, code {ofChild.ChildExitCode}; the BCL says {child.ExitCode}");
    }
}

// Prints:
// SIGRTMIN+1 with 42
// SIGRTMIN+1 with 43
// SIGUSR1 from the child
// SIGCHLD: ChildExited, code 3; the BCL says 3

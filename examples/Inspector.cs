using Isthmus.Inspection;

namespace Isthmus.Examples;

internal static class InspectorExample
{
    public static async Task RunAsync()
    {
        // Somebody who waits for us: it reads the pipe whose other end we hold.
        using ChildProcess cat = ChildProcess.Start(new ChildProcessOptions { FileName = "cat", StandardInput = StandardStream.Pipe });

        WaitChain chain;
        do
        {
            // One sweep over /proc; what it gives never changes.
            Snapshot snapshot = Snapshot.Take(new SnapshotOptions { Parts = SnapshotParts.All });
            chain = Reason.Of(snapshot, cat.Id)!.Chains[0];
        }
        while (chain.Steps[0].Object?.Kind != NodeKind.Pipe); // Until it has come so far.

        WaitStep step = chain.Steps[0];
        Console.WriteLine($"{step.Process.Name} waits in {step.Thread!.Wait.Call} for a {step.Object!.Kind}");
        Console.WriteLine($"its other end is held by {(step.Holders[0].Process.Id == Environment.ProcessId ? "us" : "somebody else")}");
        Console.WriteLine(chain.End == WaitEnd.Deadlock ? "a deadlock" : "no deadlock: we run");

        cat.StandardInput.Dispose();
        Console.WriteLine(await cat.WaitAsync());
    }
}

// Prints:
// cat waits in read for a Pipe
// its other end is held by us
// no deadlock: we run
// exited with 0

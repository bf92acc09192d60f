namespace Isthmus.Examples;

internal static class SharedCountdownExample
{
    public static async Task RunAsync()
    {
        string name = $"example-{Environment.ProcessId}";
        using SharedCountdown parts = SharedCountdown.Create(name, 3);
        try
        {
            // Usually other processes, which know the name.
            using SharedCountdown theirs = SharedCountdown.Open(name);
            Console.WriteLine($"last: {theirs.Signal()}");
            theirs.AddCount(); // One part more than was thought.
            Console.WriteLine($"last: {theirs.Signal(2)}, left: {parts.CurrentCount}");

            ValueTask finished = parts.WaitAsync();
            Console.WriteLine($"last: {theirs.Signal()}");
            await finished;
            parts.Reset();
            Console.WriteLine($"left: {parts.CurrentCount}");
        }
        finally
        {
            SharedObject.Unlink(name); // Dispose never removes the name.
        }
    }
}

// Prints:
// last: False
// last: False, left: 1
// last: True
// left: 3

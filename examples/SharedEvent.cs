namespace Isthmus.Examples;

internal static class SharedEventExample
{
    public static async Task RunAsync()
    {
        string name = $"example-{Environment.ProcessId}";
        using SharedEvent ready = SharedEvent.Create(name, EventResetMode.ManualReset);
        try
        {
            // Usually another process, which knows the name.
            using SharedEvent theirs = SharedEvent.Open(name);
            Console.WriteLine(theirs.TryWait(TimeSpan.FromMilliseconds(20)) ? "set" : "not set for 20 ms");

            ValueTask waiting = theirs.WaitAsync();
            ready.Set();
            ready.Reset(); // Who waited goes on nevertheless.
            await waiting;
            Console.WriteLine("went on");

            // An automatic one lets one go on for each Set.
            using SharedEvent work = SharedEvent.CreateUnnamed(EventResetMode.AutoReset);
            work.Set();
            Console.WriteLine($"first: {work.TryWait()}, second: {work.TryWait()}");
        }
        finally
        {
            SharedObject.Unlink(name); // Dispose never removes the name.
        }
    }
}

// Prints:
// not set for 20 ms
// went on
// first: True, second: False

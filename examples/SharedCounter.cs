namespace Isthmus.Examples;

internal static class SharedCounterExample
{
    public static async Task RunAsync()
    {
        string name = $"example-{Environment.ProcessId}";
        using SharedCounter served = SharedCounter.OpenOrCreate(name, initialValue: 100);
        try
        {
            // Usually another process, which knows the name.
            using SharedCounter theirs = SharedCounter.Open(name);
            await Task.WhenAll(
                Task.Run(() => Count(served)),
                Task.Run(() => Count(theirs)));
            Console.WriteLine(served.Value);
            Console.WriteLine(served.Exchange(0));
        }
        finally
        {
            SharedObject.Unlink(name); // Dispose never removes the name.
        }

        static void Count(SharedCounter counter)
        {
            for (int index = 0; index < 1000; index++)
            {
                counter.Increment();
            }
        }
    }
}

// Prints:
// 2100
// 2100

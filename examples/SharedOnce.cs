namespace Isthmus.Examples;

internal static class SharedOnceExample
{
    public static async Task RunAsync()
    {
        string name = $"example-{Environment.ProcessId}";
        using SharedOnce setup = SharedOnce.OpenOrCreate(name);
        try
        {
            try
            {
                setup.Run(attempt => throw new IOException("no network"));
            }
            catch (IOException error)
            {
                Console.WriteLine($"failed: {error.Message}");
            }

            // Usually another process, which knows the name: it waits while somebody runs it, and then it is done or its turn.
            using SharedOnce theirs = SharedOnce.Open(name);
            bool ran = await theirs.RunAsync(async (attempt, cancellationToken) =>
            {
                await Task.Yield();
                Console.WriteLine($"runs {attempt}");
            });
            Console.WriteLine($"they: {ran}");
            Console.WriteLine($"we: {setup.Run(attempt => Console.WriteLine("never printed"))}");
        }
        finally
        {
            SharedObject.Unlink(name); // Dispose never removes the name.
        }
    }
}

// Prints:
// failed: no network
// runs AfterFailure
// they: True
// we: False

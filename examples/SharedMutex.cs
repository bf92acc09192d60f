namespace Isthmus.Examples;

internal static class SharedMutexExample
{
    public static async Task RunAsync()
    {
        string name = $"example-{Environment.ProcessId}";
        using SharedMutex mutex = SharedMutex.Create(name); // 0600, in the user's own directory.
        try
        {
            // Usually another process, which knows the name.
            using SharedMutex sameOne = SharedMutex.Open(name);
            SharedMutexScope scope = sameOne.Enter();
            Console.WriteLine(mutex.TryEnter(TimeSpan.FromMilliseconds(20), out _) ? "entered" : "somebody was in it for 20 ms");
            Console.WriteLine($"in it: process {(mutex.GetStatus().Owner!.Value.Process == ProcessIdentity.Current ? "this" : "another")}");

            ValueTask<SharedMutexScope> waiting = mutex.EnterAsync();
            scope.Dispose();
            using (await waiting)
            {
                Console.WriteLine("entered when it was left");
            }

            // What a death in the mutex looks like to the next one.
            SharedMutex dying = SharedMutex.Open(name);
            dying.Enter();
            dying.Dispose();
            using SharedMutexScope next = mutex.Enter();
            if (next.IsAbandoned)
            {
                Console.WriteLine("its owner died: look at the data, repair it");
                next.DeclareConsistent();
            }
        }
        finally
        {
            SharedObject.Unlink(name); // Dispose never removes the name.
        }
    }
}

// Prints:
// somebody was in it for 20 ms
// in it: process this
// entered when it was left
// its owner died: look at the data, repair it

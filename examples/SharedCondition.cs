namespace Isthmus.Examples;

internal static class SharedConditionExample
{
    public static async Task RunAsync()
    {
        // Usually all have names, and the two sides are processes.
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        using SharedCondition changed = SharedCondition.CreateUnnamed();
        Queue<string> letters = []; // Stands for data in shared memory that the mutex protects.

        Task receiver = Task.Run(() =>
        {
            SharedMutexScope scope = mutex.Enter();
            try
            {
                while (letters.Count == 0)
                {
                    changed.Wait(ref scope); // Leaves the mutex, waits, enters it again.
                }
                Console.WriteLine(letters.Dequeue());
            }
            finally
            {
                scope.Dispose();
            }
        });

        using (mutex.Enter())
        {
            letters.Enqueue("a letter");
            changed.Signal();
        }
        await receiver;
    }
}

// Prints:
// a letter

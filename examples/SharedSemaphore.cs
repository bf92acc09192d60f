namespace Isthmus.Examples;

internal static class SharedSemaphoreExample
{
    public static async Task RunAsync()
    {
        string name = $"example-{Environment.ProcessId}";
        using SharedSemaphore places = SharedSemaphore.Create(name, 2, 2, new() { OwnerTracked = true });
        try
        {
            places.Acquire();

            // Usually another process, which takes the second place and dies.
            SharedSemaphore dying = SharedSemaphore.Open(name);
            await dying.AcquireAsync();
            Console.WriteLine($"free: {places.CurrentCount}");
            foreach (SharedSemaphoreHolder holder in SharedSemaphore.GetStatus(name).Holders)
            {
                Console.WriteLine($"slot {holder.Slot} holds {holder.Count}");
            }
            dying.Dispose(); // Counts as death.
            Console.WriteLine($"free: {places.CurrentCount}");

            places.Release();
            try
            {
                places.Release();
            }
            catch (SynchronizationLockException)
            {
                Console.WriteLine("who holds nothing cannot release");
            }
        }
        finally
        {
            SharedObject.Unlink(name); // Dispose never removes the name.
        }
    }
}

// Prints:
// free: 0
// slot 0 holds 1
// slot 1 holds 1
// free: 1
// who holds nothing cannot release

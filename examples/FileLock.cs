namespace Isthmus.Examples;

internal static class FileLockExample
{
    public static async Task RunAsync()
    {
        string path = Path.Combine(Path.GetTempPath(), $"example-{Environment.ProcessId}.lock");
        try
        {
            // Two holders; usually two processes. The file is made (0600) by who comes first, and stays.
            using FileLock one = FileLock.OpenOrCreate(path);
            using FileLock two = FileLock.OpenOrCreate(path);

            using (one.Enter())
            {
                Console.WriteLine($"a second one: {two.TryAcquire()}, after 10 ms: {two.TryAcquire(TimeSpan.FromMilliseconds(10))}");
                FileLockHolder holder = FileLock.FindHolders(path).First(each => each.ProcessId == Environment.ProcessId);
                Console.WriteLine($"held: {holder.Kind}, {holder.Mode}");
            }

            // Readers go together; one of them cannot become a writer, and goes on reading.
            one.Acquire(FileLockMode.Shared);
            two.Acquire(FileLockMode.Shared);
            Console.WriteLine($"upgrade: {one.TryChangeMode(FileLockMode.Exclusive)}, still {one.Mode}");

            // Without a thread of the pool that waits, and only as long as we like.
            using CancellationTokenSource giveUp = new(TimeSpan.FromSeconds(30));
            ValueTask upgrade = one.ChangeModeAsync(FileLockMode.Exclusive, giveUp.Token);
            two.Release();
            await upgrade;
            Console.WriteLine($"now {one.Mode}");
        }
        finally
        {
            File.Delete(path); // Only because nobody else uses it any more.
        }
    }
}

// Prints:
// a second one: False, after 10 ms: False
// held: Ofd, Exclusive
// upgrade: Refused, still Shared
// now Exclusive

namespace Isthmus.Examples;

internal static class SharedReaderWriterLockExample
{
    public static async Task RunAsync()
    {
        using SharedReaderWriterLock mine = SharedReaderWriterLock.CreateUnnamed();
        // Usually another process, which opens a name, or was given the descriptor.
        using SharedReaderWriterLock other = SharedReaderWriterLock.OpenUnnamed(mine.Share());

        using (mine.EnterRead())
        using (other.EnterRead())
        {
            Console.WriteLine($"{mine.GetStatus().Readers.Count} processes read");
            Console.WriteLine(other.TryEnterWrite(out _) ? "wrote" : "nobody writes meanwhile");
        }

        // Looks first, writes only when it has to; nobody else writes in between.
        using (SharedReaderWriterScope scope = mine.EnterUpgradeableRead())
        {
            ValueTask<SharedReaderWriterScope> reading;
            using (other.EnterRead())
            {
                Console.WriteLine("others read while it looks");
            }
            scope.Upgrade();
            reading = other.EnterReadAsync();
            scope.Downgrade();
            using (await reading)
            {
                Console.WriteLine("others read what it wrote");
            }
        }

        // What the death of a writer looks like to those who come next.
        SharedReaderWriterLock dying = SharedReaderWriterLock.OpenUnnamed(mine.Share());
        dying.EnterWrite();
        dying.Dispose();
        using SharedReaderWriterScope next = mine.EnterWrite();
        if (next.IsAbandoned)
        {
            Console.WriteLine("a writer died: look at the data, repair it");
            next.DeclareConsistent();
        }
    }
}

// Prints:
// 2 processes read
// nobody writes meanwhile
// others read while it looks
// others read what it wrote
// a writer died: look at the data, repair it

namespace Isthmus.Examples;

internal static class EventFdExample
{
    public static async Task RunAsync()
    {
        using EventFd work = EventFd.Create();

        ValueTask<ulong> waiting = work.ReadAsync();
        Console.WriteLine(waiting.IsCompleted ? "work is there" : "nothing to do yet");
        work.Write(); // From any thread, or any process that shares work.Handle.
        Console.WriteLine($"woken for {await waiting}");

        work.Write(2);
        work.Write(3);
        Console.WriteLine($"two writes, one read: {work.Read()}");

        using EventFd places = EventFd.CreateSemaphore(2);
        Console.WriteLine($"{places.TryRead(out _)} {places.TryRead(out _)} {places.TryRead(out _)}");
    }
}

// Prints:
// nothing to do yet
// woken for 1
// two writes, one read: 5
// True True False

using System.Text;

namespace Isthmus.Examples;

internal static class SharedStreamExample
{
    public static async Task RunAsync()
    {
        string name = $"example-{Environment.ProcessId}";
        using SharedStream mine = SharedStream.Create(name);
        // Usually another process, which knows the name.
        SharedStream theirs = SharedStream.Open(name);
        SharedStream.Unlink(name); // Both have it: no third can come, and nothing stays behind.

        mine.Write("ping\n"u8);
        using StreamReader lines = new(theirs, Encoding.UTF8);
        Console.WriteLine(await lines.ReadLineAsync());

        // Half of it is closed: they read the end, and write on.
        mine.CloseWrite();
        Console.WriteLine($"end: {await lines.ReadLineAsync() is null}");
        await theirs.WriteAsync("pong"u8.ToArray());
        byte[] buffer = new byte[100];
        Console.WriteLine(Encoding.UTF8.GetString(buffer, 0, mine.Read(buffer)));

        Console.WriteLine(mine.TryRead(buffer, TimeSpan.FromMilliseconds(10), out _) ? "more" : "nothing for 10 ms");
        theirs.Dispose();
        Console.WriteLine($"read {mine.Read(buffer)}: {mine.PeerEnd}");
    }
}

// Prints:
// ping
// end: True
// pong
// nothing for 10 ms
// read 0: Closed

using System.Text;

namespace Isthmus.Examples;

internal static class FifoExample
{
    public static async Task RunAsync()
    {
        string path = Path.Combine(Path.GetTempPath(), $"example-{Environment.ProcessId}.fifo");
        Fifo.Create(path); // 0600, whatever the umask.
        try
        {
            // Nobody reads yet: the writer waits, without a thread and only as long as we like.
            using CancellationTokenSource giveUp = new(TimeSpan.FromSeconds(30));
            ValueTask<PipeWriteEnd> opening = Fifo.OpenWriteAsync(path, cancellationToken: giveUp.Token);
            Console.WriteLine(opening.IsCompleted ? "a reader is there" : "no reader yet");

            using PipeReadEnd reader = Fifo.OpenRead(path); // At once; usually another process, such as: cat PATH
            using (PipeWriteEnd writer = await opening)
            {
                await writer.WriteAsync(Encoding.UTF8.GetBytes("hello\n"));
            }
            using StreamReader text = new(reader);
            Console.WriteLine(await text.ReadToEndAsync(giveUp.Token) + "and the end, because the last writer has closed");
        }
        finally
        {
            Fifo.Unlink(path);
        }
    }
}

// Prints:
// no reader yet
// hello
// and the end, because the last writer has closed

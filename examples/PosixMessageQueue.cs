using System.Text;

namespace Isthmus.Examples;

internal static class PosixMessageQueueExample
{
    public static async Task RunAsync()
    {
        string name = $"/example-{Environment.ProcessId}";
        using PosixMessageQueue queue = PosixMessageQueue.Create(name, new() { MaxMessages = 4, MaxMessageSize = 100 });
        try
        {
            // Usually another process, such as: isthmus mq send /example --priority 5
            queue.Send("tidy up"u8, priority: 1);
            queue.Send("fire!"u8, priority: 5);
            queue.Send("water the plants"u8, priority: 1);

            byte[] buffer = new byte[queue.MaxMessageSize];
            while (queue.TryReceive(buffer, out PosixMessage message))
            {
                Console.WriteLine($"{message.Priority}: {Encoding.UTF8.GetString(buffer, 0, message.Length)}");
            }

            // Waits without a thread, and only as long as we like.
            using CancellationTokenSource giveUp = new(TimeSpan.FromSeconds(30));
            ValueTask<PosixMessage> next = queue.ReceiveAsync(buffer, giveUp.Token);
            Console.WriteLine(next.IsCompleted ? "a message is there" : "no message yet");
            await queue.SendAsync("here I am"u8.ToArray(), cancellationToken: giveUp.Token);
            PosixMessage last = await next;
            Console.WriteLine($"{last.Priority}: {Encoding.UTF8.GetString(buffer, 0, last.Length)}");
        }
        finally
        {
            PosixMessageQueue.Unlink(name);
        }
    }
}

// Prints:
// 5: fire!
// 1: tidy up
// 1: water the plants
// no message yet
// 0: here I am

using System.Text;

namespace Isthmus.Examples;

internal static class SystemVMessageQueueExample
{
    public static async Task RunAsync()
    {
        const long Request = 1, Answer = 2;

        // Others would find it by a key: SystemVKey.FromFile("/etc/hostname"), or new SystemVKey(0xbeef).
        SystemVMessageQueue queue = SystemVMessageQueue.Create(SystemVKey.Private);
        try
        {
            byte[] buffer = new byte[100];
            queue.Send("6 times 7?"u8, Request);

            // The answer has a type of its own, so one queue serves both ways.
            using CancellationTokenSource giveUp = new(TimeSpan.FromSeconds(30));
            ValueTask<SystemVMessage> answer = queue.ReceiveAsync(
                buffer, MessageSelector.OfType(Answer), cancellationToken: giveUp.Token);
            Console.WriteLine(answer.IsCompleted ? "answered" : "no answer yet");

            byte[] question = new byte[100];
            SystemVMessage request = queue.Receive(question, MessageSelector.OfType(Request));
            Console.WriteLine("asked: " + Encoding.UTF8.GetString(question, 0, request.Length));
            queue.Send("42"u8, Answer);
            Console.WriteLine("answered: " + Encoding.UTF8.GetString(buffer, 0, (await answer).Length));
        }
        finally
        {
            queue.Remove(); // Nobody else does: it would outlive every process.
        }
    }
}

// Prints:
// no answer yet
// asked: 6 times 7?
// answered: 42

using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Examples;

internal static class HandleLinkExample
{
    public static async Task RunAsync()
    {
        // Usually two processes: each connects a Unix socket to the other, and opens the same channel.
        (UnixSocket ours, UnixSocket theirs) = UnixSocket.CreatePair(SocketType.Seqpacket);
        using HandleLink sender = new(ours), receiver = new(theirs);
        using SharedStream messages = SharedStream.CreateUnnamed();
        using SafeFileHandle memory = messages.Share();
        using SharedStream received = SharedStream.OpenUnnamed(memory);

        string path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "what stands in the file");
        using (SafeFileHandle file = File.OpenHandle(path))
        {
            HandleTicket ticket = sender.Send(file);
            messages.Write(BitConverter.GetBytes(ticket.Number)); // The message says which handle it means.
        }
        File.Delete(path);

        byte[] message = new byte[sizeof(long)];
        await received.ReadExactlyAsync(message);
        SafeFileHandle taken = await receiver.TakeAsync(new HandleTicket(BitConverter.ToInt64(message)));
        using StreamReader reader = new(new FileStream(taken, FileAccess.Read));
        Console.WriteLine(await reader.ReadToEndAsync());
    }
}

// Prints:
// what stands in the file

using System.Text;

namespace Isthmus.Examples;

internal static class UnixSocketExample
{
    public static async Task RunAsync()
    {
        UnixAddress address = UnixAddress.FromPath(Path.Combine(Path.GetTempPath(), $"isthmus-example-{Environment.ProcessId}"));

        // The listening socket has the name, accepts, and carries no data.
        using UnixListener listener = UnixListener.Create(address, new() { TakeOverStaleName = true });

        // Each client is a connected socket; for each the listener hands out another, its other end.
        using UnixSocket client = await UnixSocket.ConnectAsync(address);
        using UnixSocket server = await listener.AcceptAsync();
        Console.WriteLine($"the client is this process: {server.PeerCredentials.ProcessId == Environment.ProcessId}");

        byte[] buffer = new byte[64];
        await client.SendAsync("a question"u8.ToArray());
        int length = await server.ReceiveAsync(buffer);
        Console.WriteLine(Encoding.UTF8.GetString(buffer, 0, length));

        // An open file goes across: here the writing end of a pipe, into which the client then answers.
        using AnonymousPipe pipe = AnonymousPipe.Create();
        await server.SendMessageAsync("write here"u8.ToArray(), new() { Handles = [pipe.Writer.Handle] });
        using ReceivedMessage message = await client.ReceiveMessageAsync(buffer);
        using (PipeWriteEnd writer = PipeWriteEnd.FromHandle(message.TakeHandles(1)[0]))
        {
            await writer.WriteAsync("an answer through a descriptor that was received"u8.ToArray());
        }
        length = await pipe.Reader.ReadAsync(buffer);
        Console.WriteLine(Encoding.UTF8.GetString(buffer, 0, length));

        Console.WriteLine($"the name was ours and is gone: {listener.Unlink()}");
    }
}

// Prints:
// the client is this process: True
// a question
// an answer through a descriptor that was received
// the name was ours and is gone: True

using System.Text;

namespace Isthmus.Examples;

internal static class RequestReplyExample
{
    public static async Task RunAsync()
    {
        string name = $"example-{Environment.ProcessId}";
        using ReplyServer server = ReplyServer.Create(name, new() { MaxRequest = 100, MaxReply = 100 });
        using CancellationTokenSource stop = new();
        try
        {
            // Usually another process; more of them would share the load.
            Task serving = server.ServeAsync(static async request =>
            {
                string text = Encoding.UTF8.GetString(request.Span);
                if (request.WantsParts)
                {
                    foreach (string word in text.Split(' '))
                    {
                        await request.WritePartAsync(Encoding.UTF8.GetBytes(word)); // Waits until the client has taken it.
                    }
                    request.End();
                }
                else if (text.Length == 0)
                {
                    request.Fail(22, "nothing to do"u8);
                }
                else
                {
                    request.Reply(Encoding.UTF8.GetBytes(text.ToUpperInvariant()));
                }
            }, stop.Token);

            using RequestClient client = RequestClient.Open(name);
            using (CallReply reply = client.Call("hello"u8))
            {
                Console.WriteLine($"{reply.Outcome}: {Encoding.UTF8.GetString(reply.Span)}");
            }

            // What goes wrong is a value. Here the reply is copied out.
            byte[] buffer = new byte[client.MaxReply];
            CallResult result = await client.TryCallAsync(default, buffer, TimeSpan.FromSeconds(10));
            Console.WriteLine($"{result.Outcome} ({result.ErrorCode}): {Encoding.UTF8.GetString(buffer.AsSpan(0, result.Length))}");

            using ReplyParts parts = client.CallInParts("one by one"u8);
            while (parts.MoveNext())
            {
                Console.WriteLine(Encoding.UTF8.GetString(parts.Current));
            }

            await stop.CancelAsync();
            await serving.ContinueWith(static _ => { }, TaskScheduler.Default);
            server.Dispose();
            Console.WriteLine(client.Call("anybody?"u8).Outcome);
        }
        finally
        {
            SharedObject.Unlink(name); // Dispose never removes the name.
        }
    }
}

// Prints:
// Replied: HELLO
// Failed (22): nothing to do
// one
// by
// one
// NoServer

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Stress.Channels;

internal sealed class RequestChannel : ChannelSubject
{
    private const int Uses = 6;

    private static readonly RequestOptions s_options = new() { MaxParticipants = Participants, MaxRequest = 64, MaxReply = 64, MaxCalls = 4 };

    public override string Name => "request";

    public override byte[] MakeImage()
    {
        using RequestClient client = RequestClient.CreateUnnamed(s_options);
        using SafeFileHandle memory = client.Share();
        using ReplyServer server = ReplyServer.OpenUnnamed(memory);
        byte[] bytes = new byte[64];
        _ = client.TryCall(bytes, bytes, TimeSpan.FromMilliseconds(1), out _);
        Task<CallResult>[] calls = [.. Enumerable.Range(0, 3).Select(_ => client.CallAsync(bytes.AsMemory(0, 20), new byte[64]).AsTask())];
        server.Receive().Reply(bytes);
        using ReceivedRequest taken = server.Receive();
        byte[] image = Copy(memory);
        client.Dispose();
        Task.WhenAll(calls).ContinueWith(static ended => _ = ended.Exception, TaskScheduler.Default).Wait();
        return image;
    }

    public override void Use(SafeHandle memory, TimeSpan patience)
    {
        Span<byte> buffer = stackalloc byte[1024];
        using RequestClient client = RequestClient.OpenUnnamed(memory);
        _ = client.GetStatus();
        using ReplyServer server = ReplyServer.OpenUnnamed(memory);
        for (int use = 0; use < Uses; use++)
        {
            if (server.TryReceive(patience, out ReceivedRequest request))
            {
                request.Span[..Math.Min(request.Span.Length, buffer.Length)].CopyTo(buffer);
                request.Reply(buffer[..Math.Min(use, server.MaxReply)]);
                request.Dispose();
            }
            client.TryCall(buffer[..Math.Min(use, client.MaxRequest)], buffer, patience, out _);
        }
    }

    public override long Live(long messages, string directory)
    {
        using RequestClient client = RequestClient.Create(LiveName, s_options with { Directory = directory });
        using ReplyServer server = ReplyServer.Open(LiveName, new SharedObjectOptions { Directory = directory });
        RequestClient.Unlink(LiveName, directory);
        Thread serving = new(() =>
        {
            for (long number = 0; number < messages; number++)
            {
                using ReceivedRequest request = server.Receive();
                request.Reply(request.Span);
            }
        });
        serving.Start();
        Span<byte> sent = stackalloc byte[8], received = stackalloc byte[8];
        long good = 0;
        for (long number = 0; number < messages; number++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(sent, number);
            client.Call(sent, received);
            good += BinaryPrimitives.ReadInt64LittleEndian(received) == number ? 1 : 0;
        }
        serving.Join();
        return good;
    }
}

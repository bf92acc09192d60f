using System.Net.Sockets;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Sockets;

[Collection(Alone.Name)]
public sealed class UnixSocketAllocationTests
{
    private const int Rounds = 1000;

    [Theory]
    [InlineData(SocketType.Stream)]
    [InlineData(SocketType.Dgram)]
    [InlineData(SocketType.Seqpacket)]
    public void Sync_calls_allocate_nothing(SocketType type)
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair(type);
        UnixSendOptions options = new();
        using (first)
        using (second)
        {
            byte[] buffer = new byte[64];
            Assert.Equal(0, Allocated.ByThisThread(() =>
            {
                for (int i = 0; i < Rounds; i++)
                {
                    first.Send("ping"u8);
                    second.Receive(buffer);
                    second.TrySend("pong"u8, TimeSpan.FromSeconds(1), out _);
                    first.TryReceive(buffer, TimeSpan.FromSeconds(1), out _);
                    first.SendMessage("message"u8, options);
                    second.ReceiveMessage(buffer);
                }
            }));
        }
    }

    [Fact]
    public void Async_calls_that_need_not_wait_allocate_nothing()
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair();
        using (first)
        using (second)
        {
            byte[] buffer = new byte[64];
            Assert.Equal(0, Allocated.ByThisThread(() =>
            {
                for (int i = 0; i < Rounds; i++)
                {
                    Done(first.SendAsync(buffer));
                    Done(second.ReceiveAsync(buffer));
                }
            }));
        }
    }

    [Fact]
    public async Task Async_calls_that_wait_allocate_nothing_that_grows_with_their_number()
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair();
        using (first)
        using (second)
        {
            Task echo = EchoAsync(second);
            long perRound = await Allocated.PerRoundAsync(rounds => PingPongAsync(first, rounds));
            first.Shutdown(SocketShutdown.Send);
            await echo.OrHang();
            // One object per round would be 24 at least.
            Assert.InRange(perRound, 0, 20);
        }
    }

    private static void Done(ValueTask<int> task)
    {
        // Assert.Equal would allocate.
        Assert.True(task.IsCompletedSuccessfully && task.GetAwaiter().GetResult() == 64);
    }

    private static async Task PingPongAsync(UnixSocket socket, int rounds)
    {
        byte[] buffer = new byte[64];
        for (int i = 0; i < rounds; i++)
        {
            await socket.SendAsync(buffer);
            Assert.True(await socket.ReceiveAsync(buffer) == buffer.Length);
        }
    }

    private static async Task EchoAsync(UnixSocket socket)
    {
        byte[] buffer = new byte[64];
        for (int received; (received = await socket.ReceiveAsync(buffer)) > 0;)
        {
            await socket.SendAsync(buffer.AsMemory(0, received));
        }
    }
}

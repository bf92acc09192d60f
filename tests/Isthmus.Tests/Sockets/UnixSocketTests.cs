using System.Net.Sockets;
using Isthmus.Tests.Harness;
using Isthmus.Tests.Pipes;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Sockets;

public sealed class UnixSocketTests
{
    public static TheoryData<SocketType> Types => [SocketType.Stream, SocketType.Dgram, SocketType.Seqpacket];

    [Theory]
    [MemberData(nameof(Types))]
    public void A_pair_carries_bytes_both_ways(SocketType type)
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair(type);
        using (first)
        using (second)
        {
            byte[] buffer = new byte[16];
            Assert.Equal(4, first.Send("ping"u8));
            Assert.Equal("ping"u8, buffer.AsSpan(0, second.Receive(buffer)));
            Assert.Equal(5, second.Send("pong!"u8));
            Assert.Equal("pong!"u8, buffer.AsSpan(0, first.Receive(buffer)));
            Assert.Equal(type, first.Type);
        }
    }

    [Fact]
    public void A_type_that_Unix_sockets_lack_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => UnixSocket.CreatePair(SocketType.Raw));

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Receive_waits_for_what_comes_later(SocketType type)
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair(type);
        using (first)
        using (second)
        {
            byte[] buffer = new byte[16];
            ValueTask<int> receive = second.ReceiveAsync(buffer);
            Assert.False(receive.IsCompleted);

            await first.SendAsync("late"u8.ToArray());

            Assert.Equal(4, await receive.OrHang());
        }
    }

    [Fact]
    public async Task Cancelled_receive_takes_nothing()
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair();
        using (first)
        using (second)
        {
            for (int round = 0; round < 100; round++)
            {
                using CancellationTokenSource cancel = new();
                byte[] buffer = new byte[16];
                Task<int> receive = second.ReceiveAsync(buffer, cancel.Token).AsTask();
                Task send = Task.Run(() => first.Send([(byte)round]));
                await cancel.CancelAsync();
                await send.OrHang();
                if (await receive.OrHang().ContinueWith(done => done.IsCanceled, TaskScheduler.Default))
                {
                    Assert.Equal(1, second.Receive(buffer));
                }
                Assert.Equal((byte)round, buffer[0]);
            }
        }
    }

    [Fact]
    public async Task Dispose_ends_a_waiting_receive()
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair();
        using (first)
        {
            Task<int> receive = second.ReceiveAsync(new byte[1]).AsTask();
            second.Dispose();
            await Assert.ThrowsAsync<ObjectDisposedException>(() => receive.OrHang());
            Assert.Throws<ObjectDisposedException>(() => second.Send("x"u8));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void TryReceive_is_false_when_nothing_comes_in_time(SocketType type)
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair(type);
        using (first)
        using (second)
        {
            Assert.False(second.TryReceive(new byte[1], TimeSpan.Zero, out _));
            Assert.False(second.TryReceive(new byte[1], TimeSpan.FromMilliseconds(20), out _));
            first.Send("x"u8);
            Assert.True(second.TryReceive(new byte[1], TimeSpan.Zero, out int received));
            Assert.Equal(1, received);
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Full_socket_makes_TrySend_false_and_wakes_SendAsync_when_there_is_space(SocketType type)
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair(type);
        using (first)
        using (second)
        {
            byte[] block = new byte[4096];
            while (first.TrySend(block, TimeSpan.Zero, out _))
            {
            }
            Task<int> send = first.SendAsync(block).AsTask();
            Assert.False(send.IsCompleted);

            while (!send.IsCompleted)
            {
                second.TryReceive(block, TimeSpan.FromMilliseconds(1), out _);
            }
            Assert.InRange(await send, 1, block.Length);
        }
    }

    [Theory]
    [InlineData(SocketType.Stream)]
    [InlineData(SocketType.Seqpacket)]
    public void The_end_is_zero_bytes(SocketType type)
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair(type);
        using (second)
        {
            first.Send("last"u8);
            first.Dispose();
            byte[] buffer = new byte[8];
            Assert.Equal(4, second.Receive(buffer));
            Assert.Equal(0, second.Receive(buffer));
        }
    }

    [Fact]
    public void Shutdown_ends_one_half_only()
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair();
        using (first)
        using (second)
        {
            byte[] buffer = new byte[8];
            first.Shutdown(SocketShutdown.Send);
            Assert.Equal(0, second.Receive(buffer));
            second.Send("still"u8);
            Assert.Equal(5, first.Receive(buffer));
            PosixException error = Assert.Throws<PosixException>(() => first.Send("x"u8));
            Assert.Equal(Errno.EPIPE, error.Errno);
        }
    }

    [Fact]
    public async Task Shutdown_wakes_a_thread_that_blocks_in_Receive()
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair();
        using (first)
        using (second)
        {
            Task<int> receive = Task.Run(() => second.Receive(new byte[1]));
            second.Shutdown(SocketShutdown.Both);
            Assert.Equal(0, await receive.OrHang());
        }
    }

    [Fact]
    public void Send_to_a_closed_peer_is_EPIPE_and_no_signal()
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair();
        using (first)
        {
            second.Dispose();
            Broken.Pipe(() => first.Send("x"u8));
        }
    }

    [Fact]
    public void A_peer_that_closes_with_unread_data_resets()
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair();
        using (first)
        {
            first.Send("unread"u8);
            second.Dispose();
            Assert.Equal(Errno.ECONNRESET, Assert.Throws<PosixException>(() => first.Receive(new byte[1])).Errno);
        }
    }

    [Theory]
    [InlineData(SocketType.Dgram)]
    [InlineData(SocketType.Seqpacket)]
    public void Messages_keep_their_bounds_and_one_that_is_too_long_is_told(SocketType type)
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair(type);
        using (first)
        using (second)
        {
            byte[] buffer = new byte[4];
            first.Send("a"u8);
            first.Send("bb"u8);
            first.Send("ccccc"u8);
            first.Send("d"u8);
            Assert.Equal(1, second.Receive(buffer));
            Assert.Equal(2, second.Receive(buffer));
            Assert.Equal(Errno.EMSGSIZE, Assert.Throws<PosixException>(() => second.Receive(buffer)).Errno);
            Assert.Equal(1, second.Receive(buffer));
            Assert.Equal((byte)'d', buffer[0]);
        }
    }

    [Fact]
    public void A_message_longer_than_the_send_buffer_is_EMSGSIZE_until_it_is_raised()
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair(SocketType.Seqpacket);
        using (first)
        using (second)
        {
            byte[] large = new byte[150_000];
            first.SendBufferBytes = 8192;
            Assert.Equal(Errno.EMSGSIZE, Assert.Throws<PosixException>(() => first.Send(large)).Errno);
            first.SendBufferBytes = 200_000;
            Assert.Equal(large.Length, first.Send(large));
            Assert.Equal(large.Length, second.Receive(large));
        }
    }

    [Fact]
    public async Task Stream_carries_all_of_a_large_write()
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair();
        await using Stream writer = first.AsStream();
        await using Stream reader = second.AsStream();
        byte[] data = new byte[3_000_000];
        Random.Shared.NextBytes(data);
        byte[] got = new byte[data.Length];

        Task write = writer.WriteAsync(data).AsTask();
        await reader.ReadExactlyAsync(got).OrHang();
        await write.OrHang();
        Assert.True(data.AsSpan().SequenceEqual(got));

        Task block = Task.Run(() => reader.Write(data));
        writer.ReadExactly(got);
        await block.OrHang();
    }

    [Fact]
    public void Messages_have_no_stream()
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair(SocketType.Dgram);
        using (first)
        using (second)
        {
            Assert.Throws<InvalidOperationException>(first.AsStream);
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Goes_on_as_a_Socket_of_the_BCL_and_back(SocketType type)
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair(type);
        using (first)
        using (second)
        {
            byte[] buffer = new byte[8];
            using Socket socket = first.ToSocket();
            Assert.Equal(type, socket.SocketType);
            Task<int> receive = socket.ReceiveAsync(buffer);
            second.Send("one"u8);
            Assert.Equal(3, await receive.OrHang());

            // The description is non-blocking now; sync and async of ours go on as before.
            using UnixSocket third = UnixSocket.FromSocket(socket);
            Task<int> blocked = Task.Run(() => third.Receive(buffer));
            second.Send("two"u8);
            Assert.Equal(3, await blocked.OrHang());
            ValueTask<int> waiting = first.ReceiveAsync(buffer);
            second.Send("four"u8);
            Assert.Equal(4, await waiting.OrHang());
        }
    }

    [Fact]
    public void FromSocket_refuses_what_is_no_connected_Unix_socket()
    {
        using Socket tcp = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Assert.Throws<ArgumentException>(() => UnixSocket.FromSocket(tcp));
        using SafeFileHandle file = File.OpenHandle("/dev/null");
        Assert.Throws<ArgumentException>(() => UnixSocket.FromHandle(file));
        using TemporaryDirectory directory = new();
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(directory["s"]));
        listener.Listen();
        Assert.Throws<ArgumentException>(() => UnixSocket.FromSocket(listener));
    }
}

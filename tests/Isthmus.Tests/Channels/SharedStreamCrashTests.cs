using Isthmus.Tests.Harness;
using Isthmus.Tests.Pipes;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Channels;

public sealed class SharedStreamCrashTests : IDisposable
{
    private readonly TemporaryName _name = new();
    private readonly byte[] _buffer = new byte[100_000];

    public void Dispose() => _name.Dispose();

    [Fact]
    public void A_killed_peer_is_the_end_of_a_blocked_read_and_PeerEnd_says_why()
    {
        using SharedStream stream = SharedStream.Create(_name);
        using Child peer = Start(stream, WriteAndStay);
        Assert.Equal(3, stream.Read(_buffer));
        Blocked reading = Blocked.In(() => Assert.Equal(0, stream.Read(_buffer)));
        peer.Kill();
        reading.Join();
        Assert.Equal((SharedStreamEnd.Died, false), (stream.PeerEnd, stream.PeerHasClosedWrite));
        Assert.Equal(0, stream.Read(_buffer));
        Broken.Pipe(() => stream.WriteByte(1));
    }

    [Fact]
    public async Task A_killed_peer_is_the_end_of_an_awaited_read_and_of_an_awaited_write()
    {
        using SharedStream stream = SharedStream.Create(_name, new() { CapacityBytes = 4096 });
        using Child peer = Start(stream, WriteAndStay);
        stream.ReadExactly(_buffer, 0, 3);
        Task<int> reading = stream.ReadAsync(_buffer).AsTask();
        Task writing = stream.WriteAsync(_buffer).AsTask();
        Assert.False(reading.IsCompleted || writing.IsCompleted);
        peer.Kill();
        Assert.Equal(0, await reading.OrHang());
        Assert.Equal(Errno.EPIPE, (await Assert.ThrowsAsync<PosixException>(() => writing.OrHang())).Errno);
    }

    [Fact]
    public void What_a_killed_peer_had_written_is_read_to_its_last_byte()
    {
        using SharedStream stream = SharedStream.Create(_name);
        using (Child peer = Start(stream, WriteAndStay))
        {
            peer.Kill();
        }
        Assert.Equal(3, stream.ReadAtLeast(_buffer, 3));
        Assert.Equal([1, 2, 3], _buffer[..3]);
        Assert.Equal(0, stream.Read(_buffer));
        Assert.Equal(SharedStreamEnd.Died, stream.PeerEnd);
    }

    [Fact]
    public void A_peer_that_dies_after_it_said_that_it_writes_no_more_leaves_something_whole()
    {
        using SharedStream stream = SharedStream.Create(_name);
        using Child peer = Start(stream, WriteAndClose);
        peer.Kill();
        Assert.Equal(3, stream.ReadAtLeast(_buffer, 3));
        Assert.Equal(0, stream.Read(_buffer));
        Assert.True(stream.PeerHasClosedWrite);
    }

    [Fact]
    public void A_maker_that_was_killed_leaves_what_it_wrote_to_whoever_opens()
    {
        using (Child maker = Child.Start(MakeAndStay, _name))
        {
            Assert.Equal("ready", maker.ReadLine());
            maker.Kill();
        }
        using SharedStream stream = SharedStream.Open(_name);
        Assert.Equal(5, stream.ReadByte());
        Assert.Equal(0, stream.Read(_buffer));
        Assert.Equal(SharedStreamEnd.Died, stream.PeerEnd);
    }

    [Fact]
    public void Killed_in_the_middle_of_a_flood_nothing_comes_that_was_not_written()
    {
        for (int round = 0; round < 3; round++)
        {
            using TemporaryName name = new();
            using SharedStream stream = SharedStream.Create(name, new() { CapacityBytes = 4096 });
            using Child peer = Child.Start(Flood, name);
            Assert.Equal("ready", peer.ReadLine());
            long total = 0;
            while (stream.Read(_buffer.AsSpan(0, 997)) is > 0 and int count)
            {
                for (int at = 0; at < count; at++)
                {
                    Assert.Equal((byte)((total + at) * 31), _buffer[at]);
                }
                total += count;
                if (total > 200_000 && total - count <= 200_000)
                {
                    peer.Kill();
                }
            }
            Assert.True(total > 200_000);
            Assert.Equal(SharedStreamEnd.Died, stream.PeerEnd);
        }
    }

    [Fact]
    public async Task Two_processes_talk_by_an_unnamed_stream_that_was_sent_over_a_socket()
    {
        using TemporaryDirectory directory = new();
        using UnixListener listener = UnixListener.Create(UnixAddress.FromPath(directory["s"]));
        using Child peer = Child.Start(Echo, directory["s"]);
        using UnixSocket socket = await listener.AcceptAsync().OrHang();
        using SharedStream stream = SharedStream.CreateUnnamed(new() { CapacityBytes = 4096 });
        using (SafeFileHandle memory = stream.Share())
        {
            socket.SendMessage([1], new UnixSendOptions { Handles = [memory] });
        }
        byte[] data = new byte[50_000], back = new byte[50_000];
        new Random(1).NextBytes(data);
        Task writing = stream.WriteAsync(data).AsTask();
        await stream.ReadExactlyAsync(back).OrHang();
        await writing.OrHang();
        Assert.Equal(data, back);
        stream.CloseWrite();
        Assert.Equal(0, await stream.ReadAsync(back).OrHang());
        Assert.Equal(SharedStreamEnd.Closed, stream.PeerEnd);
        Assert.Equal(0, peer.WaitForExit());
    }

    private Child Start(SharedStream stream, Action<string[]> body)
    {
        Child peer = Child.Start(body, _name);
        Assert.Equal("ready", peer.ReadLine());
        Assert.Equal(SharedStreamEnd.Open, stream.PeerEnd);
        return peer;
    }

    private static void WriteAndStay(string[] args)
    {
        using SharedStream stream = SharedStream.Open(args[0]);
        stream.Write([1, 2, 3]);
        Console.WriteLine("ready");
        Console.ReadLine();
    }

    private static void WriteAndClose(string[] args)
    {
        using SharedStream stream = SharedStream.Open(args[0]);
        stream.Write([1, 2, 3]);
        stream.CloseWrite();
        Console.WriteLine("ready");
        Console.ReadLine();
    }

    private static void MakeAndStay(string[] args)
    {
        using SharedStream stream = SharedStream.Create(args[0]);
        stream.WriteByte(5);
        Console.WriteLine("ready");
        Console.ReadLine();
    }

    private static void Flood(string[] args)
    {
        using SharedStream stream = SharedStream.Open(args[0]);
        Console.WriteLine("ready");
        byte[] bytes = new byte[1 << 16];
        for (int at = 0; at < bytes.Length; at++)
        {
            bytes[at] = (byte)(at * 31);
        }
        while (true)
        {
            stream.Write(bytes);
        }
    }

    private static void Echo(string[] args)
    {
        using UnixSocket socket = UnixSocket.Connect(UnixAddress.FromPath(args[0]));
        using ReceivedMessage message = socket.ReceiveMessage(new byte[1]);
        using SharedStream stream = SharedStream.OpenUnnamed(message.Handles[0]);
        stream.CopyTo(stream, 999);
    }
}

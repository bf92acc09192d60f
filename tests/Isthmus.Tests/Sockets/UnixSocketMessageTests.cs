using System.Net.Sockets;
using System.Runtime.InteropServices;
using Isthmus.Native;
using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Sockets;

public sealed class UnixSocketMessageTests
{
    public static TheoryData<SocketType> Types => [SocketType.Stream, SocketType.Dgram, SocketType.Seqpacket];

    [Theory]
    [MemberData(nameof(Types))]
    public void Handles_arrive_as_the_same_open_file_and_close_on_exec(SocketType type)
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair(type);
        using TemporaryDirectory directory = new();
        using (first)
        using (second)
        using (FileStream file = new(directory["file"], FileMode.Create, FileAccess.Write, FileShare.ReadWrite))
        {
            byte[] buffer = new byte[8];
            Assert.Equal(2, first.SendMessage("hi"u8, new() { Handles = [file.SafeFileHandle, first.Handle] }));

            using ReceivedMessage message = second.ReceiveMessage(buffer);

            Assert.Equal((2, 2, false), (message.Length, message.FullLength, message.IsTruncated));
            Assert.Equal(2, message.Handles.Count);
            Assert.All(message.Handles, handle => Assert.Equal(LibC.FD_CLOEXEC, LibC.fcntl(handle, LibC.F_GETFD)));
            RandomAccess.Write(message.Handles[0], "the same file"u8, 0);
            Assert.Equal("the same file", File.ReadAllText(file.Name));
            // Our own end came back to us through itself.
            using UnixSocket again = UnixSocket.FromHandle(message.Handles[1]);
            again.Send("yes"u8);
            Assert.Equal(3, second.Receive(buffer));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Handles_travel_async_too(SocketType type)
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair(type);
        using (first)
        using (second)
        using (SafeFileHandle file = File.OpenHandle("/dev/null"))
        {
            ValueTask<ReceivedMessage> receive = second.ReceiveMessageAsync(new byte[8]);
            Assert.False(receive.IsCompleted);
            await first.SendMessageAsync("x"u8.ToArray(), new() { Handles = [file] }).OrHang();
            using ReceivedMessage message = await receive.OrHang();
            Assert.False(Assert.Single(message.Handles).IsInvalid);
        }
    }

    [Fact]
    public void A_message_carries_16_handles_and_not_one_more()
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair();
        using (first)
        using (second)
        using (SafeFileHandle file = File.OpenHandle("/dev/null"))
        {
            first.SendMessage("x"u8, new() { Handles = [.. Enumerable.Repeat(file, 16)] });
            using ReceivedMessage message = second.ReceiveMessage(new byte[1]);
            Assert.Equal(16, message.Handles.Count);
            Assert.Throws<ArgumentException>(() => new UnixSendOptions { Handles = [.. Enumerable.Repeat(file, 17)] });
            Assert.Throws<ArgumentException>(() => new UnixSendOptions { Handles = [null!] });
        }
    }

    [Fact]
    public void A_stream_refuses_to_lose_handles_that_come_without_a_byte()
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair();
        using (first)
        using (second)
        using (SafeFileHandle file = File.OpenHandle("/dev/null"))
        {
            Assert.Throws<ArgumentException>(() => first.SendMessage([], new() { Handles = [file] }));
        }
    }

    [Fact]
    public void A_message_may_be_empty_and_carry_a_handle()
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair(SocketType.Seqpacket);
        using (first)
        using (second)
        using (SafeFileHandle file = File.OpenHandle("/dev/null"))
        {
            first.SendMessage([], new() { Handles = [file] });
            using ReceivedMessage message = second.ReceiveMessage([]);
            Assert.Equal((0, 1), (message.Length, message.Handles.Count));
        }
    }

    [Fact]
    public void A_disposed_handle_is_refused_and_nothing_is_sent()
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair();
        using (first)
        using (second)
        using (SafeFileHandle open = File.OpenHandle("/dev/null"))
        {
            SafeFileHandle closed = File.OpenHandle("/dev/null");
            closed.Dispose();
            Assert.Throws<ObjectDisposedException>(() => first.SendMessage("x"u8, new() { Handles = [open, closed] }));
            Assert.False(second.TryReceiveMessage(new byte[1], TimeSpan.Zero, out _));
        }
    }

    [Fact]
    public void Handles_that_were_taken_outlive_the_message()
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair();
        using (first)
        using (second)
        using (SafeFileHandle file = File.OpenHandle("/dev/null"))
        {
            first.SendMessage("x"u8, new() { Handles = [file] });
            using SafeFileHandle taken = TakeOne(second);
            Assert.False(taken.IsClosed);
        }

        static SafeFileHandle TakeOne(UnixSocket socket)
        {
            using ReceivedMessage message = socket.ReceiveMessage(new byte[64]);
            SafeFileHandle taken = message.TakeHandles(1)[0];
            Assert.Empty(message.Handles);
            return taken;
        }
    }

    [Fact]
    public void A_message_that_should_carry_a_handle_and_does_not_is_told_apart()
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair();
        using (first)
        using (second)
        using (SafeFileHandle file = File.OpenHandle("/dev/null"))
        {
            first.SendMessage("one handle follows"u8, new());
            ReceivedMessage none = second.ReceiveMessage(new byte[64]);
            Assert.Empty(none.Handles);
            Assert.Throws<InvalidDataException>(() => none.TakeHandles(1));

            first.SendMessage("x"u8, new() { Handles = [file, file] });
            ReceivedMessage two = second.ReceiveMessage(new byte[64]);
            Assert.Throws<InvalidDataException>(() => two.TakeHandles(1));
            Assert.All(two.Handles, handle => Assert.True(handle.IsClosed));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Plain_Receive_leaves_no_descriptor_open(SocketType type)
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair(type);
        (UnixSocket carried, UnixSocket witness) = UnixSocket.CreatePair();
        using (first)
        using (second)
        using (witness)
        {
            first.SendMessage("x"u8, new() { Handles = [carried.Handle] });
            carried.Dispose();
            Assert.Equal(1, second.Receive(new byte[8]));
            // The end of the stream says that nobody holds the other end any more.
            Assert.Equal(0, witness.Receive(new byte[1]));
        }
    }

    [Fact]
    public void Stream_bytes_of_different_messages_are_not_merged_across_handles()
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair();
        using (first)
        using (second)
        using (SafeFileHandle file = File.OpenHandle("/dev/null"))
        {
            byte[] buffer = new byte[8];
            first.SendMessage("a"u8, new() { Handles = [file] });
            first.SendMessage("b"u8, new() { Handles = [file] });
            using ReceivedMessage one = second.ReceiveMessage(buffer);
            using ReceivedMessage two = second.ReceiveMessage(buffer);
            Assert.Equal((1, 1), (one.Length, one.Handles.Count));
            Assert.Equal((1, 1), (two.Length, two.Handles.Count));
        }
    }

    [Theory]
    [InlineData(SocketType.Dgram)]
    [InlineData(SocketType.Seqpacket)]
    public void A_message_that_does_not_fit_is_cut_and_says_so(SocketType type)
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair(type);
        using (first)
        using (second)
        {
            byte[] buffer = new byte[4];
            first.Send("123456"u8);
            first.Send("next"u8);
            ReceivedMessage cut = second.ReceiveMessage(buffer);
            Assert.Equal((4, 6, true), (cut.Length, cut.FullLength, cut.IsTruncated));
            Assert.Equal("1234"u8, buffer);
            Assert.False(second.ReceiveMessage(buffer).IsTruncated);
            Assert.Equal("next"u8, buffer);
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Credentials_come_with_each_message_once_asked_for_and_together_with_handles(SocketType type)
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair(type);
        using (first)
        using (second)
        using (SafeFileHandle file = File.OpenHandle("/dev/null"))
        {
            byte[] buffer = new byte[8];
            Assert.False(second.ReceivesCredentials);
            second.ReceivesCredentials = true;
            Assert.True(second.ReceivesCredentials);
            PeerCredentials me = new(Environment.ProcessId, LibC.geteuid(), LibC.getegid());

            first.Send("x"u8);
            Assert.Equal(me, second.ReceiveMessage(buffer).Credentials);

            first.SendMessage("y"u8, new() { Handles = [file], Credentials = me });
            using ReceivedMessage message = second.ReceiveMessage(buffer);
            Assert.Equal(me, message.Credentials);
            Assert.Single(message.Handles);
        }
    }

    [Fact]
    public void Forged_credentials_are_EPERM()
    {
        using Child child = Child.Start(SendForgedCredentials);
        Assert.Equal("EPERM EPERM none", child.ReadLine());
    }

    [Fact]
    public void More_descriptors_than_may_be_opened_leave_none_open()
    {
        using Child child = Child.Start(ReceiveBeyondTheLimit);
        Assert.Equal("EMFILE 0", child.ReadLine());
    }

    [Fact]
    public async Task Datagrams_tell_their_sender_and_are_answered()
    {
        using TemporaryDirectory directory = new();
        UnixAddress name = UnixAddress.FromPath(directory["server"]);
        using UnixSocket server = UnixSocket.Bind(name);
        using UnixSocket client = UnixSocket.Bind(UnixAddress.Unnamed);
        byte[] buffer = new byte[16];

        client.SendMessage("ask"u8, new() { Destination = name });
        ReceivedMessage question = server.ReceiveMessage(buffer);
        Assert.Equal(client.Address, question.Sender);
        await server.SendMessageAsync("answer"u8.ToArray(), new() { Destination = question.Sender }).OrHang();
        Assert.Equal(name, (await client.ReceiveMessageAsync(buffer).OrHang()).Sender);

        using UnixSocket nameless = UnixSocket.Connect(name, new() { Type = SocketType.Dgram });
        nameless.Send("x"u8);
        Assert.Equal(UnixAddress.Unnamed, server.ReceiveMessage(buffer).Sender);
        Assert.Equal((UnixFileMode)0x180, File.GetUnixFileMode(name.Path!));
        Assert.True(server.Unlink());
        Assert.Throws<InvalidOperationException>(() => client.Unlink());
    }

    [Fact]
    public async Task A_full_receiver_makes_senders_wait_connected_or_not()
    {
        using TemporaryDirectory directory = new();
        UnixAddress name = UnixAddress.FromPath(directory["server"]);
        using UnixSocket server = UnixSocket.Bind(name);
        using UnixSocket connected = UnixSocket.Connect(name, new() { Type = SocketType.Dgram });
        using UnixSocket other = UnixSocket.Bind(UnixAddress.Unnamed);
        UnixSendOptions toServer = new() { Destination = name };
        int queued = 0;
        while (connected.TrySend("x"u8, TimeSpan.Zero, out _))
        {
            queued++;
        }
        Assert.InRange(queued, 1, 1000);
        Assert.False(other.TrySendMessage("y"u8, toServer, TimeSpan.FromMilliseconds(20), out _));
        Task<int>[] sends =
        [
            connected.SendAsync("x"u8.ToArray()).AsTask(),
            other.SendMessageAsync("y"u8.ToArray(), toServer).AsTask(),
            Task.Run(() => other.SendMessage("z"u8, toServer)),
        ];
        for (int i = 0; i < queued + sends.Length; i++)
        {
            Assert.Equal(1, await server.ReceiveAsync(new byte[1]).OrHang());
        }
        await Task.WhenAll(sends).OrHang();
    }

    [Fact]
    public void A_datagram_to_a_dead_socket_is_ECONNREFUSED()
    {
        using TemporaryDirectory directory = new();
        UnixAddress name = UnixAddress.FromPath(directory["server"]);
        UnixSocket.Bind(name).Dispose();
        DeadSocket.Await(name);
        using UnixSocket client = UnixSocket.Bind(UnixAddress.Unnamed);
        PosixException error = Assert.Throws<PosixException>(() => client.SendMessage("x"u8, new() { Destination = name }));
        Assert.Equal(Errno.ECONNREFUSED, error.Errno);
        using UnixSocket again = UnixSocket.Bind(name, new() { TakeOverStaleName = true });
        Assert.Equal(1, client.SendMessage("x"u8, new() { Destination = name }));
    }

    private static void SendForgedCredentials(string[] args)
    {
        // This thread only gives up its privileges, where it has any; it makes the calls below too.
        if (Environment.IsPrivilegedProcess)
        {
            LibC.Check(LibC.syscall(LibC.SYS_setresuid, 65534, 65534, 65534));
        }
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair();
        second.ReceivesCredentials = true;
        PeerCredentials me = new(Environment.ProcessId, LibC.geteuid(), LibC.getegid());
        string pid = Outcome(me with { ProcessId = 1 });
        string user = Outcome(me with { UserId = 4242 });
        Console.WriteLine($"{pid} {user} {(second.TryReceive(new byte[1], TimeSpan.Zero, out _) ? "received" : "none")}");

        string Outcome(PeerCredentials stated)
        {
            try
            {
                first.SendMessage("x"u8, new() { Credentials = stated });
                return "sent";
            }
            catch (UnauthorizedAccessException error)
            {
                return ((PosixException)error.InnerException!).Errno.ToString();
            }
        }
    }

    private static unsafe void ReceiveBeyondTheLimit(string[] args)
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair();
        first.SendMessage("x"u8, new() { Handles = [.. Enumerable.Repeat((SafeHandle)first.Handle, 10)] });
        int before = Count();
        HashSet<string?> taken = [.. Directory.GetFileSystemEntries("/proc/self/fd").Select(Path.GetFileName)];
        int thirdFree = Enumerable.Range(0, 10_000).Where(fd => !taken.Contains($"{fd}")).ElementAt(3);
        LibC.rlimit limit = new() { rlim_cur = (ulong)thirdFree, rlim_max = 10_000 };
        LibC.Check(LibC.prlimit(0, LibC.RLIMIT_NOFILE, &limit, null));
        string outcome = "received";
        try
        {
            second.ReceiveMessage(new byte[1]);
        }
        catch (PosixException error)
        {
            outcome = error.Errno.ToString();
        }
        limit.rlim_cur = limit.rlim_max;
        LibC.Check(LibC.prlimit(0, LibC.RLIMIT_NOFILE, &limit, null));
        Console.WriteLine($"{outcome} {Count() - before}");

        static int Count() => Directory.GetFileSystemEntries("/proc/self/fd").Length;
    }
}

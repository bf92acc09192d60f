using System.Net.Sockets;
using System.Text;
using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Channels;

/// <summary>A handle travels beside a message, and is the right one, once.</summary>
public sealed class HandleLinkTests : IDisposable
{
    private readonly HandleLink _sender;
    private readonly HandleLink _receiver;
    private readonly UnixSocket _rawEnd;

    public HandleLinkTests()
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair(SocketType.Seqpacket);
        (_sender, _receiver) = (new HandleLink(first), new HandleLink(second));
        _rawEnd = first;
    }

    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
    }

    [Theory]
    [InlineData(SocketType.Seqpacket)]
    [InlineData(SocketType.Stream)]
    [InlineData(SocketType.Dgram)]
    public async Task Handles_are_taken_in_any_order_and_each_is_the_one_that_was_sent(SocketType type)
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair(type);
        using HandleLink sender = new(first), receiver = new(second);
        HandleTicket[] tickets = new HandleTicket[10];
        for (int i = 0; i < tickets.Length; i++)
        {
            using AnonymousMemory memory = AnonymousMemory.Create(1);
            memory.AsSpan<byte>(0, 1)[0] = (byte)i;
            tickets[i] = i % 2 == 0 ? sender.Send(memory.Handle) : await sender.SendAsync(memory.Handle);
        }
        foreach (int i in Enumerable.Range(0, tickets.Length).Reverse())
        {
            using AnonymousMemory memory = AnonymousMemory.FromHandle(i % 3 == 0 ? receiver.Take(tickets[i]) : await receiver.TakeAsync(tickets[i]).OrHang());
            Assert.Equal(i, memory.AsSpan<byte>(0, 1)[0]);
        }
        Assert.Equal(tickets.Length, tickets.Distinct().Count());
        Assert.Equal(0, receiver.DiscardedCount);
    }

    [Fact]
    public async Task Who_takes_before_the_handle_has_come_waits_for_it()
    {
        Blocked blocked = Blocked.In(() => _receiver.Take(new HandleTicket(1)).Dispose());
        Task<SafeFileHandle> taking = _receiver.TakeAsync(new HandleTicket(2)).AsTask();
        Assert.False(_receiver.TryTake(new HandleTicket(3), TimeSpan.FromMilliseconds(5), out _));
        using AnonymousMemory memory = AnonymousMemory.Create(1);
        _sender.Send(memory.Handle);
        blocked.Join();
        _sender.Send(memory.Handle);
        (await taking.OrHang()).Dispose();
    }

    [Fact]
    public async Task A_cancelled_take_leaves_the_handle()
    {
        using CancellationTokenSource cancel = new();
        Task<SafeFileHandle> taking = _receiver.TakeAsync(new HandleTicket(1), cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking.OrHang());
        using AnonymousMemory memory = AnonymousMemory.Create(1);
        using SafeFileHandle taken = _receiver.Take(_sender.Send(memory.Handle));
        Assert.False(taken.IsInvalid);
    }

    [Fact]
    public void A_ticket_is_good_once()
    {
        using AnonymousMemory memory = AnonymousMemory.Create(1);
        HandleTicket ticket = _sender.Send(memory.Handle);
        _receiver.Take(ticket).Dispose();
        Assert.Throws<InvalidOperationException>(() => _receiver.Take(ticket));
        Assert.Throws<ArgumentOutOfRangeException>(() => _receiver.Take(default));
    }

    [Fact]
    public async Task What_nobody_takes_is_bounded_and_the_oldest_goes()
    {
        using AnonymousMemory memory = AnonymousMemory.Create(1);
        HandleTicket first = _sender.Send(memory.Handle), last = first;
        for (int i = 0; i < HandleLink.UnclaimedMax; i++)
        {
            last = _sender.Send(memory.Handle);
        }
        (await _receiver.TakeAsync(last).OrHang()).Dispose();
        Assert.Equal(1, _receiver.DiscardedCount);
        Assert.Throws<InvalidOperationException>(() => _receiver.Take(first));
    }

    [Fact]
    public void What_came_before_the_other_end_was_closed_is_taken_and_what_did_not_come_is_the_end()
    {
        using AnonymousMemory memory = AnonymousMemory.Create(1);
        HandleTicket ticket = _sender.Send(memory.Handle);
        Blocked waiting = Blocked.In(() => Assert.Throws<EndOfStreamException>(() => _receiver.Take(new HandleTicket(2))));
        _sender.Dispose();
        waiting.Join();
        _receiver.Take(ticket).Dispose();
        Assert.Equal(Errno.EPIPE, Assert.Throws<PosixException>(() => _receiver.Send(memory.Handle)).Errno);
    }

    [Fact]
    public void Dispose_ends_who_waits()
    {
        Blocked waiting = Blocked.In(() => Assert.Throws<ObjectDisposedException>(() => _receiver.Take(new HandleTicket(1))));
        _receiver.Dispose();
        waiting.Join();
        Assert.Throws<ObjectDisposedException>(() => _receiver.Take(new HandleTicket(1)));
    }

    [Theory]
    [InlineData(8, 0, 1)]
    [InlineData(8, 2, 1)]
    [InlineData(7, 1, 1)]
    [InlineData(9, 1, 1)]
    [InlineData(8, 1, 5)]
    [InlineData(8, 1, -1)]
    public void A_peer_that_does_not_speak_as_a_link_does_ends_it_and_nothing_stays_open(int bytes, int handles, long number)
    {
        using AnonymousMemory memory = AnonymousMemory.Create(1);
        byte[] message = [.. BitConverter.GetBytes(number), 0];
        _rawEnd.SendMessage(message.AsSpan(0, bytes), new UnixSendOptions { Handles = [.. Enumerable.Repeat(memory.Handle, handles)] });
        Assert.Throws<InvalidDataException>(() => _receiver.Take(new HandleTicket(1)));
    }

    [Fact]
    public void A_file_a_socket_and_another_channel_reach_another_process_beside_messages_of_a_stream()
    {
        using TemporaryDirectory directory = new();
        File.WriteAllText(directory["file"], "from a file");
        using UnixListener listener = UnixListener.Create(UnixAddress.FromPath(directory["s"]));
        using SharedStream messages = SharedStream.Create("messages", new() { Directory = directory.Root });
        using Child child = Child.Start(Receive, directory.Root);
        using HandleLink link = new(listener.Accept());

        using SafeFileHandle file = File.OpenHandle(directory["file"]);
        (UnixSocket mine, UnixSocket theirs) = UnixSocket.CreatePair();
        using SharedStream other = SharedStream.CreateUnnamed();
        using SafeFileHandle channel = other.Share();
        // The messages tell of them in another order than they go.
        HandleTicket third = link.Send(channel), second = link.Send(theirs.Handle), first = link.Send(file);
        foreach (HandleTicket ticket in (HandleTicket[])[first, second, third])
        {
            messages.Write(BitConverter.GetBytes(ticket.Number));
        }

        Assert.Equal("from a file", child.ReadLine());
        mine.Send("from a socket\n"u8);
        Assert.Equal("from a socket", child.ReadLine());
        other.Write("from a channel\n"u8);
        Assert.Equal("from a channel", child.ReadLine());
        Assert.Equal(0, child.WaitForExit());
        mine.Dispose();
        theirs.Dispose();
    }

    private static void Receive(string[] args)
    {
        using SharedStream messages = SharedStream.Open("messages", new() { Directory = args[0] });
        using HandleLink link = new(UnixSocket.Connect(UnixAddress.FromPath(Path.Combine(args[0], "s"))));
        using (FileStream file = new(TakeNext(), FileAccess.Read))
        {
            Console.WriteLine(new StreamReader(file).ReadToEnd());
        }
        using (UnixSocket socket = UnixSocket.FromHandle(TakeNext()))
        {
            Console.WriteLine(new StreamReader(socket.AsStream(), Encoding.UTF8).ReadLine());
        }
        using SafeFileHandle memory = TakeNext();
        using SharedStream stream = SharedStream.OpenUnnamed(memory);
        Console.WriteLine(new StreamReader(stream, Encoding.UTF8).ReadLine());

        SafeFileHandle TakeNext()
        {
            byte[] number = new byte[sizeof(long)];
            messages.ReadExactly(number);
            return link.Take(new HandleTicket(BitConverter.ToInt64(number)));
        }
    }
}

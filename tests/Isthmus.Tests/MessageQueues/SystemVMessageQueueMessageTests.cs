using System.Diagnostics;
using System.Text;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.MessageQueues;

/// <summary>Sending and receiving in all forms.</summary>
public sealed class SystemVMessageQueueMessageTests : IDisposable
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(20);

    private readonly TemporaryQueue _temporary = new();
    private readonly byte[] _buffer = new byte[1000];

    private SystemVMessageQueue Queue => _temporary.Queue;

    public static TheoryData<string, string> Selections => new()
    {
        { "any", "a3 b1 c2 d1 e3" },
        { "of 1", "b1 d1" },
        { "of 3", "a3 e3" },
        { "of 9", "" },
        { "up to 2", "b1 d1 c2" },
        { "up to 121", "b1 d1 c2 a3 e3" },
        { "up to 9223372036854775807", "b1 d1 c2 a3 e3" },
        { "but 1", "a3 c2 e3" },
        { "but 9", "a3 b1 c2 d1 e3" },
    };

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [MemberData(nameof(Selections))]
    public void A_receiver_chooses_by_type(string selection, string expected)
    {
        foreach (string message in "a3 b1 c2 d1 e3".Split(' '))
        {
            Queue.Send(Encoding.ASCII.GetBytes(message), message[1] - '0');
        }
        List<string> received = [];
        while (Queue.TryReceive(_buffer, out SystemVMessage message, Selector(selection)))
        {
            received.Add(Encoding.ASCII.GetString(_buffer, 0, message.Length));
            Assert.Equal(message.Type, received[^1][1] - '0');
        }
        Assert.Equal(expected, string.Join(' ', received));
        Assert.Equal(5 - received.Count, Queue.Stat().Messages);
    }

    [Fact]
    public void Types_begin_at_1()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Queue.Send("x"u8, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Queue.TrySend("x"u8, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => MessageSelector.OfType(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => MessageSelector.LowestUpTo(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => MessageSelector.AllBut(0));
        Queue.Send("x"u8, long.MaxValue);
        Assert.Equal(long.MaxValue, Queue.Receive(_buffer).Type);
    }

    [Fact]
    public void A_selector_says_what_it_selects() => Assert.Equal(
        ["any", "type 3", "lowest type up to 3", "any type but 3"],
        new[] { MessageSelector.Any, MessageSelector.OfType(3), MessageSelector.LowestUpTo(3), MessageSelector.AllBut(3) }.Select(each => each.ToString()));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(8192)]
    public void Messages_have_from_0_bytes_to_the_limit(int length)
    {
        byte[] sent = new byte[length];
        Random.Shared.NextBytes(sent);
        byte[] received = new byte[length + 1];
        Queue.Send(sent, 5);
        Assert.Equal(new SystemVMessage(length, 5), Queue.Receive(received));
        Assert.True(received.AsSpan(0, length).SequenceEqual(sent));
    }

    [Fact]
    public async Task A_message_that_is_longer_than_the_buffer_stays()
    {
        Queue.Send("hello"u8);
        PosixException error = Assert.Throws<PosixException>(() => Queue.Receive(_buffer.AsSpan(0, 4)));
        Assert.Equal(Errno.E2BIG, error.Errno);
        Assert.Contains("(kernel.msgmax)", error.Message, StringComparison.Ordinal);
        Assert.Throws<PosixException>(() => Queue.TryReceive(default, out _));
        await Assert.ThrowsAsync<PosixException>(() => Queue.ReceiveAsync(_buffer.AsMemory(0, 4)).AsTask());
        Assert.Equal(5, Queue.Receive(_buffer).Length);
    }

    [Fact]
    public async Task Or_it_is_cut_and_the_rest_is_lost()
    {
        Queue.Send("hello"u8, 2);
        Queue.Send("world"u8);
        Assert.Equal(new SystemVMessage(4, 2), Queue.Receive(_buffer.AsSpan(0, 4), default, OverlongMessage.IsCut));
        Assert.Equal("hell"u8, _buffer.AsSpan(0, 4));
        Assert.Equal(new SystemVMessage(0, 1), await Queue.ReceiveAsync(default, default, OverlongMessage.IsCut).OrHang());
        Assert.Equal(0, Queue.Stat().Messages);
    }

    [Fact]
    public void Peek_copies_by_position_and_takes_nothing()
    {
        Queue.Send("first"u8, 7);
        Queue.Send("second"u8, 1);
        Assert.True(Queue.TryPeek(_buffer, 1, out SystemVMessage message));
        Assert.Equal(new SystemVMessage(6, 1), message);
        Assert.True(Queue.TryPeek(_buffer, 0, out message));
        Assert.Equal(new SystemVMessage(5, 7), message);
        Assert.Equal("first"u8, _buffer.AsSpan(0, 5));
        Assert.False(Queue.TryPeek(_buffer, 2, out _));
        Assert.Equal(Errno.E2BIG, Assert.Throws<PosixException>(() => Queue.TryPeek(_buffer.AsSpan(0, 4), 0, out _)).Errno);
        Assert.Throws<ArgumentOutOfRangeException>(() => Queue.TryPeek(_buffer, -1, out _));
        Assert.Equal(2, Queue.Stat().Messages);
    }

    [Fact]
    public void Try_says_no_at_once_when_there_is_no_room_or_nothing_that_fits()
    {
        Assert.False(Queue.TryReceive(_buffer, out _));
        _temporary.Fill();
        Assert.False(Queue.TrySend(new byte[100]));
        Assert.False(Queue.TryReceive(_buffer, out _, MessageSelector.OfType(2)));
        Assert.Equal(10, Queue.Stat().Messages);
    }

    [Fact]
    public void Timed_calls_give_up_and_never_early()
    {
        long start = Stopwatch.GetTimestamp();
        Assert.False(Queue.TryReceive(_buffer, s_short, out _));
        Assert.True(Stopwatch.GetElapsedTime(start) >= s_short);
        _temporary.Fill();
        start = Stopwatch.GetTimestamp();
        Assert.False(Queue.TrySend(new byte[100], s_short));
        Assert.True(Stopwatch.GetElapsedTime(start) >= s_short);
        Assert.Equal(10, Queue.Stat().Messages);
    }

    [Fact]
    public void Sync_and_timed_receivers_block_until_a_message_that_fits_comes()
    {
        Blocked sync = Blocked.In(() => Assert.Equal(1, Queue.Receive(new byte[9], MessageSelector.OfType(2)).Length));
        Blocked timed = Blocked.In(() => Assert.True(Queue.TryReceive(new byte[9], Child.Limit, out _, MessageSelector.OfType(3))));
        Queue.Send("x"u8);
        Queue.Send("x"u8, 3);
        timed.Join();
        Queue.Send("x"u8, 2);
        sync.Join();
        Assert.Equal(1, Queue.Stat().Messages);
    }

    [Fact]
    public void Sync_and_timed_senders_block_until_there_is_room()
    {
        _temporary.Fill();
        Blocked sync = Blocked.In(() => Queue.Send(new byte[100]));
        Blocked timed = Blocked.In(() => Assert.True(Queue.TrySend(new byte[100], Child.Limit)));
        Queue.Receive(_buffer);
        Queue.Receive(_buffer);
        sync.Join();
        timed.Join();
        Assert.Equal(10, Queue.Stat().Messages);
    }

    [Fact]
    public async Task Async_calls_wait_for_a_message_and_for_room()
    {
        Task<SystemVMessage> receive = Queue.ReceiveAsync(_buffer, MessageSelector.LowestUpTo(5)).AsTask();
        Queue.Send("too high"u8, 6);
        Assert.False(receive.IsCompleted);
        Queue.Send("x"u8, 5);
        Assert.Equal(new SystemVMessage(1, 5), await receive.OrHang());
        Queue.Receive(_buffer);
        _temporary.Fill();
        Task send = Queue.SendAsync(new byte[100], 9).AsTask();
        Assert.False(send.IsCompleted);
        Queue.Receive(_buffer);
        await send.OrHang();
        Assert.Equal(9, Queue.Receive(_buffer, MessageSelector.AllBut(1)).Type);
    }

    [Fact]
    public async Task A_cancelled_receiver_has_taken_nothing_and_a_cancelled_sender_sent_nothing()
    {
        using CancellationTokenSource cancel = new();
        Task<SystemVMessage> receive = Queue.ReceiveAsync(_buffer, cancellationToken: cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receive.OrHang());
        _temporary.Fill();
        using CancellationTokenSource cancelSend = new();
        Task send = Queue.SendAsync(new byte[100], 2, cancelSend.Token).AsTask();
        await cancelSend.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => send.OrHang());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Queue.ReceiveAsync(_buffer, cancellationToken: cancel.Token).AsTask());
        Assert.Equal(10, Queue.Stat().Messages);
        Assert.False(Queue.TryReceive(_buffer, out _, MessageSelector.OfType(2)));
    }

    [Fact]
    public async Task Cancellation_that_races_with_a_message_loses_none()
    {
        int received = 0;
        for (int round = 0; round < 100; round++)
        {
            using CancellationTokenSource cancel = new();
            Task<SystemVMessage> receive = Queue.ReceiveAsync(_buffer, cancellationToken: cancel.Token).AsTask();
            Task send = Task.Run(() => Queue.Send("x"u8));
            await cancel.CancelAsync();
            await send.OrHang();
            received += await receive.OrHang().ContinueWith(task => task.IsCompletedSuccessfully ? 1 : 0, TaskScheduler.Default);
            while (Queue.TryReceive(_buffer, out _))
            {
                received++;
            }
        }
        Assert.Equal(100, received);
    }

    [Fact]
    public async Task Those_who_wait_learn_that_the_queue_was_removed()
    {
        using TemporaryQueue full = new();
        full.Fill();
        List<Exception> errors = [];
        Blocked[] blocked =
        [
            In(() => Queue.Receive(new byte[9])),
            In(() => Queue.TryReceive(new byte[9], Child.Limit, out _)),
            In(() => Queue.TryReceive(new byte[9], Timeout.InfiniteTimeSpan, out _)),
            In(() => full.Queue.Send(new byte[100])),
            In(() => full.Queue.TrySend(new byte[100], Child.Limit)),
        ];
        Task[] awaited = [Queue.ReceiveAsync(_buffer).AsTask(), full.Queue.SendAsync(new byte[100]).AsTask()];
        Queue.Remove();
        full.Queue.Remove();
        Array.ForEach(blocked, each => each.Join());
        foreach (Task task in awaited)
        {
            errors.Add(await Assert.ThrowsAsync<PosixException>(() => task.OrHang()));
        }
        Assert.Equal(7, errors.Count);
        Assert.All(errors, error =>
        {
            Assert.Equal(Errno.EIDRM, Assert.IsType<PosixException>(error).Errno);
            Assert.Contains("removed while the call waited", error.Message, StringComparison.Ordinal);
        });

        Blocked In(Action call) => Blocked.In(() =>
        {
            Exception error = Assert.Throws<PosixException>(call);
            lock (errors)
            {
                errors.Add(error);
            }
        });
    }

    [Fact]
    public void Signals_never_show()
    {
        Blocked receive = Blocked.In(() =>
        {
            // Interrupts this thread each millisecond.
            ThreadAlarm.Current.Start(TimeSpan.Zero);
            Queue.Receive(_buffer);
            Queue.Send("x"u8);
            ThreadAlarm.Current.Stop();
        });
        Queue.Send("x"u8);
        receive.Join();
        Assert.Equal(1, Queue.Stat().Messages);
    }

    [Fact]
    public void A_receiver_killed_while_it_waits_takes_nothing_with_it()
    {
        using Child child = Child.Start(ReceiveOne, Queue.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal("waiting", child.ReadLine());
        child.Kill();
        Queue.Send("for the living"u8);
        Assert.Equal(14, Queue.Receive(_buffer).Length);
    }

    [Fact]
    public async Task Many_senders_and_receivers_of_all_forms_lose_and_double_nothing()
    {
        const int Each = 250;
        Queue.Set(new() { MaxBytes = 100 });
        int[] received = new int[3 * Each];
        Task[] tasks = [.. Enumerable.Range(0, 3).SelectMany(form => new[] { SendAllAsync(form), ReceiveAllAsync(form) })];
        await Task.WhenAll(tasks).OrHang();
        Assert.All(received, count => Assert.Equal(1, count));

        Task SendAllAsync(int form) => Task.Run(async () =>
        {
            for (int i = form * Each; i < (form + 1) * Each; i++)
            {
                byte[] message = BitConverter.GetBytes(i);
                if (form == 0)
                {
                    Queue.Send(message);
                }
                else if (form == 1)
                {
                    Assert.True(Queue.TrySend(message, Child.Limit, 2));
                }
                else
                {
                    await Queue.SendAsync(message, 3);
                }
            }
        });

        Task ReceiveAllAsync(int form) => Task.Run(async () =>
        {
            byte[] buffer = new byte[4];
            MessageSelector selector = MessageSelector.OfType(form + 1);
            for (int i = 0; i < Each; i++)
            {
                if (form == 0)
                {
                    await Queue.ReceiveAsync(buffer, selector);
                }
                else if (form == 1)
                {
                    Assert.True(Queue.TryReceive(buffer, Child.Limit, out _, selector));
                }
                else
                {
                    Queue.Receive(buffer, selector);
                }
                Interlocked.Increment(ref received[BitConverter.ToInt32(buffer)]);
            }
        });
    }

    [Fact]
    public async Task Memory_that_is_disposed_while_a_receive_waits_is_never_written_after_it_is_unmapped()
    {
        AnonymousMemory memory = AnonymousMemory.Create(4096);
        Task<SystemVMessage> receive = Queue.ReceiveAsync(memory.Memory).AsTask();
        memory.Dispose();
        Queue.Send("hello"u8);
        try
        {
            Assert.Equal(5, (await receive.OrHang()).Length); // It waited in the kernel, and kept the memory mapped.
        }
        catch (ObjectDisposedException)
        {
            Assert.True(Queue.TryReceive(new byte[100], out _)); // It was on its way there, and has taken nothing.
        }
    }

    private static MessageSelector Selector(string text) => text.Split(' ') switch
    {
        ["of", string type] => MessageSelector.OfType(long.Parse(type, null)),
        ["up", "to", string type] => MessageSelector.LowestUpTo(long.Parse(type, null)),
        ["but", string type] => MessageSelector.AllBut(long.Parse(type, null)),
        _ => MessageSelector.Any,
    };

    private static void ReceiveOne(string[] args)
    {
        SystemVMessageQueue queue = SystemVMessageQueue.Open(int.Parse(args[0], null));
        Blocked.In(() => queue.Receive(new byte[100]));
        Console.WriteLine("waiting");
        Thread.Sleep(Timeout.Infinite);
    }
}

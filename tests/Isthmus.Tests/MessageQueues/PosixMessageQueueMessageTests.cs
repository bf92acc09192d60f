using System.Diagnostics;
using Isthmus.Native;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.MessageQueues;

/// <summary>Sending and receiving in all forms.</summary>
public sealed class PosixMessageQueueMessageTests : IDisposable
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(20);

    private readonly QueueName _name = new();
    private readonly PosixMessageQueue _queue;
    private readonly byte[] _buffer = new byte[SmallQueue.Size];

    public PosixMessageQueueMessageTests() => _queue = SmallQueue.Create(_name);

    public void Dispose()
    {
        _queue.Dispose();
        _name.Dispose();
    }

    [Fact]
    public void The_highest_priority_comes_first_and_the_oldest_within_one()
    {
        _queue.Send("a"u8, 1);
        _queue.Send("b"u8, PosixMessageQueue.PriorityMax);
        _queue.Send("c"u8);
        _queue.Send("d"u8, 1);
        Assert.Equal(
            [("b", PosixMessageQueue.PriorityMax), ("a", 1), ("d", 1), ("c", 0)],
            Enumerable.Range(0, 4).Select(_ =>
            {
                PosixMessage message = _queue.Receive(_buffer);
                return (System.Text.Encoding.ASCII.GetString(_buffer, 0, message.Length), message.Priority);
            }));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(PosixMessageQueue.PriorityMax + 1)]
    public void A_priority_that_there_is_not_is_refused(int priority)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _queue.Send("x"u8, priority));
        Assert.Throws<ArgumentOutOfRangeException>(() => _queue.TrySend("x"u8, priority));
        Assert.Throws<ArgumentOutOfRangeException>(() => _queue.SendAsync("x"u8.ToArray(), priority).AsTask().GetAwaiter().GetResult());
        Assert.Equal(0, _queue.MessageCount);
    }

    [Fact]
    public void Messages_have_from_0_bytes_to_the_queues_size()
    {
        byte[] longest = new byte[SmallQueue.Size];
        Random.Shared.NextBytes(longest);
        _queue.Send([]);
        _queue.Send(longest);
        Assert.Equal(new PosixMessage(0, 0), _queue.Receive(_buffer));
        Assert.Equal(new PosixMessage(SmallQueue.Size, 0), _queue.Receive(_buffer));
        Assert.Equal(longest, _buffer);
    }

    [Fact]
    public async Task A_message_that_is_too_long_throws_EMSGSIZE_and_tells_the_limit()
    {
        byte[] tooLong = new byte[SmallQueue.Size + 1];
        PosixException error = Assert.Throws<PosixException>(() => _queue.Send(tooLong));
        Assert.Equal(Errno.EMSGSIZE, error.Errno);
        Assert.Contains("64 bytes", error.Message, StringComparison.Ordinal);
        Assert.Throws<PosixException>(() => _queue.TrySend(tooLong));
        await Assert.ThrowsAsync<PosixException>(() => _queue.SendAsync(tooLong).AsTask());
        Assert.Equal(0, _queue.MessageCount);
    }

    [Fact]
    public async Task A_buffer_that_is_too_small_throws_EMSGSIZE_and_the_message_stays()
    {
        _queue.Send("x"u8);
        Assert.Equal(Errno.EMSGSIZE, Assert.Throws<PosixException>(() => _queue.Receive(_buffer.AsSpan(1))).Errno);
        Assert.Equal(Errno.EMSGSIZE, Assert.Throws<PosixException>(() => _queue.TryReceive(default, out _)).Errno);
        await Assert.ThrowsAsync<PosixException>(() => _queue.ReceiveAsync(default).AsTask());
        Assert.Equal(1, _queue.MessageCount);
    }

    [Fact]
    public void Try_says_no_at_once_when_full_or_empty()
    {
        Assert.False(_queue.TryReceive(_buffer, out _));
        for (int i = 0; i < SmallQueue.Messages; i++)
        {
            Assert.True(_queue.TrySend([(byte)i]));
        }
        Assert.False(_queue.TrySend("x"u8));
        Assert.True(_queue.TryReceive(_buffer, out PosixMessage message));
        Assert.Equal((1, (byte)0), (message.Length, _buffer[0]));
    }

    [Fact]
    public void Timed_calls_give_up_and_never_early()
    {
        long start = Stopwatch.GetTimestamp();
        Assert.False(_queue.TryReceive(_buffer, s_short, out _));
        Assert.True(Stopwatch.GetElapsedTime(start) >= s_short);
        SmallQueue.Fill(_queue);
        start = Stopwatch.GetTimestamp();
        Assert.False(_queue.TrySend("x"u8, s_short));
        Assert.True(Stopwatch.GetElapsedTime(start) >= s_short);
        Assert.Equal(SmallQueue.Messages, _queue.MessageCount);
    }

    [Fact]
    public void Timeouts_may_be_of_any_length_but_not_negative()
    {
        Assert.True(_queue.TrySend("x"u8, TimeSpan.MaxValue));
        Assert.True(_queue.TryReceive(_buffer, Timeout.InfiniteTimeSpan, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => _queue.TryReceive(_buffer, TimeSpan.FromSeconds(-2), out _));
    }

    [Fact]
    public void A_sync_receiver_blocks_until_a_message_comes()
    {
        Blocked receive = Blocked.In(() => Assert.Equal(new PosixMessage(5, 2), _queue.Receive(_buffer)));
        _queue.Send("hello"u8, 2);
        receive.Join();
        Assert.Equal("hello"u8, _buffer.AsSpan(0, 5));
    }

    [Fact]
    public void A_sync_sender_blocks_until_there_is_a_place()
    {
        SmallQueue.Fill(_queue);
        Blocked send = Blocked.In(() => _queue.Send("last"u8));
        _queue.Receive(_buffer);
        send.Join();
        Assert.Equal(SmallQueue.Messages, _queue.MessageCount);
    }

    [Fact]
    public void Timed_calls_end_when_what_they_wait_for_comes()
    {
        Blocked receive = Blocked.In(() => Assert.True(_queue.TryReceive(_buffer, Child.Limit, out _)));
        _queue.Send("x"u8);
        receive.Join();
        SmallQueue.Fill(_queue);
        Blocked send = Blocked.In(() => Assert.True(_queue.TrySend("x"u8, Child.Limit)));
        _queue.Receive(_buffer);
        send.Join();
    }

    [Fact]
    public async Task An_async_receiver_waits_for_a_message()
    {
        Task<PosixMessage> receive = _queue.ReceiveAsync(_buffer).AsTask();
        Assert.False(receive.IsCompleted);
        _queue.Send("x"u8, 9);
        Assert.Equal(new PosixMessage(1, 9), await receive.OrHang());
    }

    [Fact]
    public async Task An_async_sender_waits_for_a_place()
    {
        SmallQueue.Fill(_queue);
        Task send = _queue.SendAsync("urgent"u8.ToArray(), 5).AsTask();
        Assert.False(send.IsCompleted);
        _queue.Receive(_buffer);
        await send.OrHang();
        Assert.Equal(new PosixMessage(6, 5), _queue.Receive(_buffer));
    }

    [Fact]
    public async Task A_cancelled_receiver_has_taken_nothing_and_a_cancelled_sender_sent_nothing()
    {
        using CancellationTokenSource cancel = new();
        Task<PosixMessage> receive = _queue.ReceiveAsync(_buffer, cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receive.OrHang());
        SmallQueue.Fill(_queue);
        using CancellationTokenSource cancelSend = new();
        Task send = _queue.SendAsync("never"u8.ToArray(), 9, cancelSend.Token).AsTask();
        await cancelSend.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => send.OrHang());
        for (int i = 0; i < SmallQueue.Messages; i++)
        {
            Assert.Equal(new PosixMessage(6, 0), _queue.Receive(_buffer));
        }
        Assert.Equal(0, _queue.MessageCount);
    }

    [Fact]
    public async Task Already_cancelled_calls_do_nothing()
    {
        _queue.Send("x"u8);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _queue.ReceiveAsync(_buffer, new(canceled: true)).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _queue.SendAsync("y"u8.ToArray(), 0, new(canceled: true)).AsTask());
        Assert.Equal(1, _queue.MessageCount);
    }

    [Fact]
    public async Task Cancellation_that_races_with_a_message_loses_none()
    {
        int received = 0;
        for (int round = 0; round < 200; round++)
        {
            using CancellationTokenSource cancel = new();
            Task<PosixMessage> receive = _queue.ReceiveAsync(_buffer, cancel.Token).AsTask();
            Task send = Task.Run(() => _queue.Send("x"u8));
            await cancel.CancelAsync();
            await send.OrHang();
            received += await receive.OrHang().ContinueWith(task => task.IsCompletedSuccessfully ? 1 : 0, TaskScheduler.Default);
            while (_queue.TryReceive(_buffer, out _))
            {
                received++;
            }
        }
        Assert.Equal(200, received);
    }

    [Fact]
    public async Task Dispose_ends_async_waits()
    {
        Task<PosixMessage> receive = _queue.ReceiveAsync(_buffer).AsTask();
        _queue.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => receive.OrHang());
    }

    [Fact]
    public async Task No_form_touches_the_description_that_others_share()
    {
        _queue.TryReceive(_buffer, out _);
        Task<PosixMessage> receive = _queue.ReceiveAsync(_buffer).AsTask();
        await _queue.SendAsync("x"u8.ToArray());
        await receive.OrHang();
        Assert.Equal(0, LibC.fcntl(_queue.Handle, LibC.F_GETFL) & LibC.O_NONBLOCK);
    }

    [Fact]
    public void A_description_that_somebody_made_non_blocking_still_blocks_here()
    {
        LibC.Check(LibC.fcntl(_queue.Handle, LibC.F_SETFL, LibC.O_RDWR | LibC.O_NONBLOCK));
        Blocked receive = Blocked.In(() => _queue.Receive(_buffer));
        _queue.Send("x"u8);
        receive.Join();
        SmallQueue.Fill(_queue);
        Blocked send = Blocked.In(() => _queue.Send("x"u8));
        _queue.Receive(_buffer);
        send.Join();
    }

    [Fact]
    public void Signals_never_show()
    {
        Blocked receive = Blocked.In(() =>
        {
            // Interrupts this thread each millisecond.
            ThreadAlarm.Current.Start(TimeSpan.Zero);
            _queue.Receive(_buffer);
            _queue.TryReceive(_buffer, s_short, out _);
            ThreadAlarm.Current.Stop();
        });
        _queue.Send("x"u8);
        receive.Join();
        Assert.Equal(0, _queue.MessageCount);
    }

    [Fact]
    public void A_receiver_killed_while_it_waits_takes_nothing_with_it()
    {
        using Child child = Child.Start(ReceiveOne, _name);
        Assert.Equal("waiting", child.ReadLine());
        child.Kill();
        _queue.Send("for the living"u8);
        Assert.Equal(14, _queue.Receive(_buffer).Length);
    }

    [Fact]
    public async Task Many_senders_and_receivers_of_all_forms_lose_and_double_nothing()
    {
        const int Each = 250;
        int[] received = new int[3 * Each];
        Task[] senders = [Sender(0, i => _queue.Send(Number(i))), Sender(1, SendTimed), Task.Run(SendAllAsync)];
        Task[] receivers = [.. Enumerable.Range(0, 3).Select(form => Task.Run(() => ReceiveAllAsync(form)))];
        await Task.WhenAll([.. senders, .. receivers]).OrHang();
        Assert.All(received, count => Assert.Equal(1, count));

        Task Sender(int part, Action<int> send) => Task.Run(() => Enumerable.Range(part * Each, Each).ToList().ForEach(send));

        void SendTimed(int i) => Assert.True(_queue.TrySend(Number(i), Child.Limit));

        async Task SendAllAsync()
        {
            for (int i = 2 * Each; i < 3 * Each; i++)
            {
                await _queue.SendAsync(Number(i));
            }
        }

        async Task ReceiveAllAsync(int form)
        {
            byte[] buffer = new byte[SmallQueue.Size];
            for (int i = 0; i < Each; i++)
            {
                PosixMessage message = default;
                if (form == 0)
                {
                    message = _queue.Receive(buffer);
                }
                else if (form == 1)
                {
                    Assert.True(_queue.TryReceive(buffer, Child.Limit, out message));
                }
                else
                {
                    message = await _queue.ReceiveAsync(buffer);
                }
                Interlocked.Increment(ref received[BitConverter.ToInt32(buffer.AsSpan(0, message.Length))]);
            }
        }
    }

    private static byte[] Number(int value) => BitConverter.GetBytes(value);

    private static void ReceiveOne(string[] args)
    {
        using PosixMessageQueue queue = PosixMessageQueue.Open(args[0]);
        Blocked.In(() => queue.Receive(new byte[SmallQueue.Size]));
        Console.WriteLine("waiting");
        Thread.Sleep(Timeout.Infinite);
    }
}

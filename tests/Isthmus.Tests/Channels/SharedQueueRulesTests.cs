using System.Buffers.Binary;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Channels;

/// <summary>What happens when there is no room, no message, or nobody else.</summary>
public sealed class SharedQueueRulesTests
{
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(5);

    [Fact]
    public void Full_queue_that_waits_tells_those_who_only_try()
    {
        using SharedQueue queue = Create(QueueWhenFull.Wait);
        using QueueProducer producer = queue.CreateProducer();
        Assert.Equal(7, Fill(producer));
        Assert.False(producer.TrySend(new byte[500]));
        Assert.Equal(QueueSendOutcome.Full, producer.TrySend(new byte[500], s_moment));
        Assert.False(producer.TryReserve(500).IsReserved);
        Assert.Equal(QueueSendOutcome.Full, producer.TryReserve(500).Outcome);
        using QueueConsumer consumer = queue.CreateConsumer();
        Receive(consumer, 0);
        Receive(consumer, 1);
        Assert.True(producer.TrySend(new byte[500]));
    }

    [Fact]
    public void Blocked_sender_goes_on_when_a_loan_ends()
    {
        using SharedQueue queue = Create(QueueWhenFull.Wait);
        using QueueProducer producer = queue.CreateProducer();
        using QueueConsumer consumer = queue.CreateConsumer();
        Fill(producer);
        Blocked sender = Blocked.In(() => Assert.Equal(QueueSendOutcome.Sent, producer.Send(new byte[500])));
        Receive(consumer, 0);
        Receive(consumer, 1);
        sender.Join();
    }

    [Fact]
    public async Task Cancelled_send_and_receive_have_done_nothing()
    {
        using SharedQueue queue = Create(QueueWhenFull.Wait);
        using QueueProducer producer = queue.CreateProducer();
        using QueueConsumer consumer = queue.CreateConsumer();
        using CancellationTokenSource cancel = new();
        Task receiving = consumer.ReceiveAsync(new byte[4096], cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving.OrHang());
        int filled = Fill(producer);
        using CancellationTokenSource again = new();
        Task sending = producer.SendAsync(new byte[500], cancellationToken: again.Token).AsTask();
        Assert.False(sending.IsCompleted);
        await again.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.OrHang());
        for (int i = 0; i < filled; i++)
        {
            Receive(consumer, i);
        }
        Assert.False(consumer.TryReceive(out _));
    }

    [Fact]
    public void Full_queue_that_fails_tells_at_once()
    {
        using SharedQueue queue = Create(QueueWhenFull.Fail);
        using QueueProducer producer = queue.CreateProducer();
        Fill(producer);
        Assert.Equal(QueueSendOutcome.Full, producer.Send(new byte[500]));
        Assert.Equal(0, queue.GetStatus().Lost);
    }

    [Fact]
    public void Queue_that_drops_the_newest_counts_what_it_dropped()
    {
        using SharedQueue queue = Create(QueueWhenFull.DropNewest);
        using QueueProducer producer = queue.CreateProducer();
        using QueueConsumer consumer = queue.CreateConsumer();
        int filled = Fill(producer);
        Assert.Equal(QueueSendOutcome.Dropped, producer.Send(new byte[500]));
        Assert.Equal(2, queue.GetStatus().Lost);
        for (int i = 0; i < filled; i++)
        {
            Receive(consumer, i);
        }
        Assert.False(consumer.TryReceive(out _));
    }

    [Fact]
    public void Queue_that_drops_the_oldest_keeps_the_newest_and_counts_the_others()
    {
        using SharedQueue queue = Create(QueueWhenFull.DropOldest);
        using QueueProducer producer = queue.CreateProducer();
        using QueueConsumer consumer = queue.CreateConsumer();
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(QueueSendOutcome.Sent, producer.Send(Numbered(i)));
        }
        int received = 0, last = -1;
        while (consumer.TryReceive(out QueueLoan loan))
        {
            int number = BinaryPrimitives.ReadInt32LittleEndian(loan.Span);
            Assert.True(number > last);
            last = number;
            received++;
            loan.Dispose();
        }
        Assert.Equal(99, last);
        Assert.Equal(100 - received, queue.GetStatus().Lost);
    }

    [Fact]
    public void Queue_that_drops_the_oldest_drops_the_new_one_when_all_others_are_on_loan()
    {
        using SharedQueue queue = Create(QueueWhenFull.DropOldest);
        using QueueProducer producer = queue.CreateProducer();
        using QueueConsumer consumer = queue.CreateConsumer();
        for (int i = 0; i < 7; i++)
        {
            Assert.True(producer.TrySend(Numbered(i)));
        }
        Assert.True(consumer.TryReceive(out QueueLoan first));
        for (int i = 7; i < 20; i++)
        {
            Assert.Equal(QueueSendOutcome.Dropped, producer.Send(Numbered(i)));
        }
        Assert.Equal(0, BinaryPrimitives.ReadInt32LittleEndian(first.Span));
        first.Dispose();
        Assert.Equal(QueueSendOutcome.Sent, producer.Send(Numbered(20)));
    }

    [Fact]
    public void Higher_priorities_come_first()
    {
        using SharedQueue queue = SharedQueue.CreateUnnamed(new() { Priorities = 3, LaneCapacity = 4096 });
        using QueueProducer producer = queue.CreateProducer();
        using QueueConsumer consumer = queue.CreateConsumer();
        foreach (int priority in new[] { 0, 2, 1, 0, 2 })
        {
            Assert.True(producer.TrySend([(byte)priority], priority));
        }
        foreach (int priority in new[] { 2, 2, 1, 0, 0 })
        {
            Assert.True(consumer.TryReceive(out QueueLoan loan));
            Assert.Equal(priority, loan.Priority);
            Assert.Equal(priority, loan.Span[0]);
            loan.Dispose();
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => producer.Send([], 3));
    }

    [Fact]
    public void Message_that_is_given_back_is_received_again_and_flagged()
    {
        using SharedQueue queue = SharedQueue.CreateUnnamed(new() { Acknowledge = true });
        using QueueProducer producer = queue.CreateProducer();
        using QueueConsumer one = queue.CreateConsumer(), two = queue.CreateConsumer();
        producer.Send([1]);
        producer.Send([2]);
        Assert.True(one.TryReceive(out QueueLoan first));
        Assert.True(two.TryReceive(out QueueLoan second));
        first.Dispose();
        second.Acknowledge();
        Assert.True(two.TryReceive(out QueueLoan again));
        Assert.True(again.IsRedelivered);
        Assert.Equal(1, again.Span[0]);
        again.Acknowledge();
        Assert.False(one.TryReceive(out _));
        Assert.Equal(0, queue.GetStatus().UsedBytes);
    }

    [Fact]
    public void One_producer_or_consumer_too_many_is_refused_with_the_number()
    {
        using SharedQueue queue = SharedQueue.CreateUnnamed(new() { MaxProducers = 2, MaxConsumers = 1 });
        using QueueProducer one = queue.CreateProducer();
        QueueProducer two = queue.CreateProducer();
        Assert.Contains("2 places for producers", Assert.ThrowsAny<IOException>(() => queue.CreateProducer()).Message);
        two.Dispose();
        queue.CreateProducer().Dispose();
        using QueueConsumer consumer = queue.CreateConsumer();
        Assert.Contains("1 places for consumers", Assert.ThrowsAny<IOException>(() => queue.CreateConsumer()).Message);
    }

    [Fact]
    public void Lanes_that_are_too_large_are_refused_with_the_number_that_would_fit()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => SharedQueue.CreateUnnamed(new() { MaxProducers = 256, Priorities = 8, LaneCapacity = 64 * 1024 * 1024 }));
        Assert.Contains(" 4194304 bytes for each lane would fit", error.Message);
        error = Assert.Throws<ArgumentException>(() => SharedQueue.CreateUnnamed(new() { MaxProducers = 100, Priorities = 2, LaneCapacity = 1 << 28 }));
        Assert.Contains(" 33554432 bytes for each lane would fit", error.Message); // A power of two, as lanes are.
        Assert.Throws<ArgumentOutOfRangeException>(() => new SharedQueueOptions { LaneCapacity = 5000 });
    }

    [Theory]
    [InlineData(16, 1, 64 * 1024, 16, 64)]
    [InlineData(1, 1, 4096, 1, 1)]
    [InlineData(200, 8, 4096, 256, 1000)]
    [InlineData(3, 2, 1024 * 1024, 5, 300)]
    public void Memory_is_what_the_guide_says(int producers, int priorities, int capacity, int consumers, int participants)
    {
        using SharedQueue queue = SharedQueue.CreateUnnamed(new()
        {
            MaxProducers = producers,
            Priorities = priorities,
            LaneCapacity = capacity,
            MaxConsumers = consumers,
            MaxParticipants = participants,
        });
        long lanes = (long)producers * priorities * capacity;
        long header = (384L * producers * priorities) + Up(8 * producers, 128) + Up(8 * consumers, 128);
        Assert.Equal(Up(5120 + (256 * participants), 65_536) + Up(Up(header, 4096) + lanes, 65_536), queue.GetStatus().SizeBytes);

        static long Up(long bytes, long to) => (bytes + to - 1) / to * to;
    }

    [Fact]
    public async Task Sender_that_waits_learns_that_no_consumer_is_left()
    {
        using SharedQueue queue = Create(QueueWhenFull.Wait);
        using QueueProducer producer = queue.CreateProducer();
        QueueConsumer consumer = queue.CreateConsumer();
        Fill(producer);
        Blocked sender = Blocked.In(() => Assert.Equal(QueueSendOutcome.NoConsumer, producer.Send(new byte[500])));
        consumer.Dispose();
        sender.Join();
        Assert.Equal(QueueSendOutcome.NoConsumer, await producer.SendAsync(new byte[500]).OrHang());
        using QueueProducer needing = queue.CreateProducer(new() { NeedsConsumers = true });
        Assert.Equal(QueueSendOutcome.NoConsumer, needing.Send([1]));
        using QueueConsumer next = queue.CreateConsumer();
        Assert.Equal(QueueSendOutcome.Sent, needing.Send([1]));
    }

    [Fact]
    public void Receiver_that_wants_to_know_learns_that_no_producer_is_left()
    {
        using SharedQueue queue = Create(QueueWhenFull.Wait);
        QueueProducer producer = queue.CreateProducer();
        using QueueConsumer consumer = queue.CreateConsumer(new() { EndsWithProducers = true });
        producer.Send([1]);
        Receive(consumer, -1);
        Blocked receiver = Blocked.In(() => Assert.Equal(QueueReceiveOutcome.NoProducer, consumer.Receive(out _)));
        producer.Dispose();
        receiver.Join();
    }

    // At each step of the look: the other place is taken, and the one that was is left.
    [Fact]
    public void Producer_that_hands_over_to_another_is_not_taken_for_the_last()
    {
        using SharedQueue queue = SharedQueue.CreateUnnamed(new() { LaneCapacity = 4096, MaxProducers = 2 });
        using QueueConsumer consumer = queue.CreateConsumer(new() { EndsWithProducers = true });
        QueueProducer first = queue.CreateProducer(), here = queue.CreateProducer();
        first.Dispose();
        SegmentMemory memory = consumer.Core.Segment.Memory;
        bool isOver = false;
        for (int steps = 0; !isOver; steps++)
        {
            QueueArrival look = new(consumer.Core.Shape, tellsAlone: true, Waiters.None);
            for (int step = 0; step < steps && !isOver; step++)
            {
                isOver = look.Step(ref memory).Kind == ProgressKind.Done;
            }
            QueueProducer next = queue.CreateProducer();
            here.Dispose();
            here = next;
            if (!isOver)
            {
                Driver.Run(ref memory, ref look);
            }
            Assert.False(look.IsAlone, $"after {steps} steps");
        }
        here.Dispose();
        Assert.Equal(QueueReceiveOutcome.NoProducer, consumer.Receive(out _));
    }

    [Fact]
    public async Task Closing_ends_all_waits_after_what_was_sent()
    {
        using SharedQueue queue = Create(QueueWhenFull.Wait);
        using QueueProducer producer = queue.CreateProducer();
        using QueueConsumer consumer = queue.CreateConsumer();
        producer.Send([1]);
        queue.Complete();
        queue.Complete();
        Assert.True(queue.IsCompleted);
        Assert.Equal(QueueSendOutcome.Closed, producer.Send([2]));
        Receive(consumer, -1);
        Assert.Equal(QueueReceiveOutcome.Closed, consumer.Receive(out _));
        Assert.Equal(QueueReceiveOutcome.Closed, (await consumer.ReceiveAsync(new byte[1])).Outcome);
    }

    [Fact]
    public void Closing_wakes_who_waits()
    {
        using SharedQueue queue = Create(QueueWhenFull.Wait);
        using QueueProducer producer = queue.CreateProducer();
        using SharedQueue empty = Create(QueueWhenFull.Wait);
        using QueueConsumer consumer = empty.CreateConsumer();
        Fill(producer);
        Blocked sender = Blocked.In(() => Assert.Equal(QueueSendOutcome.Closed, producer.Send(new byte[500])));
        Blocked receiver = Blocked.In(() => Assert.Equal(QueueReceiveOutcome.Closed, consumer.Receive(out _)));
        queue.Complete();
        empty.Complete();
        sender.Join();
        receiver.Join();
    }

    [Fact]
    public void Disposed_queue_ends_waits_and_says_so()
    {
        SharedQueue queue = Create(QueueWhenFull.Wait);
        QueueProducer producer = queue.CreateProducer();
        QueueConsumer consumer = queue.CreateConsumer();
        Blocked receiver = Blocked.In(() => Assert.Throws<ObjectDisposedException>(() => consumer.Receive(out _)));
        queue.Dispose();
        receiver.Join();
        Assert.Throws<ObjectDisposedException>(() => producer.Send([1]));
        Assert.Throws<ObjectDisposedException>(() => consumer.TryReceive(out _));
        Assert.Throws<ObjectDisposedException>(() => queue.CreateProducer());
        producer.Dispose();
        consumer.Dispose();
    }

    [Fact]
    public void Loans_of_a_disposed_queue_can_be_disposed_and_not_acknowledged()
    {
        using SharedQueue keeper = SharedQueue.CreateUnnamed(new() { Acknowledge = true });
        SharedQueue queue = SharedQueue.OpenUnnamed(keeper.Share());
        using QueueConsumer consumer = queue.CreateConsumer();
        keeper.Send([1]);
        keeper.Send([2]);
        Assert.True(consumer.TryReceive(out QueueLoan one));
        Assert.True(consumer.TryReceive(out QueueLoan two));
        queue.Dispose();
        one.Dispose();
        bool isTold = false;
        try
        {
            two.Acknowledge();
        }
        catch (ObjectDisposedException)
        {
            isTold = true;
        }
        Assert.True(isTold);
        byte[] buffer = new byte[1];
        Assert.True(keeper.Receive(buffer).IsRedelivered);
        Assert.True(keeper.Receive(buffer).IsRedelivered);
    }

    [Fact]
    public void Threads_share_the_producer_and_consumer_of_the_queue_itself()
    {
        using SharedQueue queue = SharedQueue.CreateUnnamed(new() { MaxProducers = 1, MaxConsumers = 1, LaneCapacity = 4096 });
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, worker =>
        {
            byte[] buffer = new byte[4];
            for (int i = 0; i < 500; i++)
            {
                Assert.Equal(QueueSendOutcome.Sent, queue.Send(Numbered(worker).AsSpan(0, 4)));
                Assert.Equal(4, queue.Receive(buffer).Length);
            }
        });
        Assert.False(queue.TryReceive(new byte[4], out _));
    }

    [Fact]
    public void Message_is_one_of_several_things_to_wait_for()
    {
        using SharedQueue queue = Create(QueueWhenFull.Wait);
        using SharedEvent other = SharedEvent.CreateUnnamed(EventResetMode.AutoReset);
        using QueueProducer producer = queue.CreateProducer();
        using QueueConsumer consumer = queue.CreateConsumer();
        producer.Send([1]);
        Assert.Equal(1, WaitAny.Wait([other.ToWaitSource(), consumer.ToWaitSource()]));
        Receive(consumer, -1);
        other.Set();
        Assert.Equal(0, WaitAny.Wait([other.ToWaitSource(), consumer.ToWaitSource()]));
    }

    [Fact]
    public void Status_tells_what_is_in_the_lanes()
    {
        using TemporaryName name = new();
        using SharedQueue queue = SharedQueue.Create(name, new() { MaxProducers = 3, LaneCapacity = 4096, WhenFull = QueueWhenFull.Fail });
        using QueueProducer producer = queue.CreateProducer();
        using QueueConsumer consumer = queue.CreateConsumer();
        producer.Send(new byte[100]);
        producer.Send(new byte[100]);
        Assert.True(consumer.TryReceive(out QueueLoan loan));
        SharedQueueStatus status = SharedQueue.GetStatus(name);
        Assert.Equal((3, 16, 1, 4096), (status.MaxProducers, status.MaxConsumers, status.Priorities, status.LaneCapacity));
        Assert.Equal((1, 1, QueueWhenFull.Fail), (status.Producers, status.Consumers, status.WhenFull));
        SharedQueueLane lane = Assert.Single(status.Lanes);
        Assert.Equal((0, 224, 224, 112), (lane.OwnerSlot, lane.SentBytes, lane.UsedBytes, lane.WaitingBytes));
        loan.Dispose();
        Assert.Equal(112, queue.GetStatus().UsedBytes);
    }

    internal static byte[] Numbered(int number)
    {
        byte[] message = new byte[500];
        BinaryPrimitives.WriteInt32LittleEndian(message, number);
        return message;
    }

    internal static int Fill(QueueProducer producer)
    {
        int count = 0;
        while (producer.TrySend(Numbered(count)))
        {
            count++;
        }
        return count;
    }

    private static SharedQueue Create(QueueWhenFull whenFull) =>
        SharedQueue.CreateUnnamed(new() { LaneCapacity = 4096, MaxConsumers = 1, WhenFull = whenFull });

    private static void Receive(QueueConsumer consumer, int number)
    {
        Assert.True(consumer.TryReceive(out QueueLoan loan));
        Assert.True(number < 0 || number == BinaryPrimitives.ReadInt32LittleEndian(loan.Span));
        loan.Dispose();
    }
}

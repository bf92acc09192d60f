using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Channels;

/// <summary>Producers, consumers and reservations that are disposed while they are used.</summary>
public sealed class SharedQueueDisposeTests
{
    private static readonly SharedQueueOptions s_single = new() { LaneCapacity = 4096, MaxProducers = 1, MaxConsumers = 1 };

    public static TheoryData<int, bool> Kinds => new() { { 1, false }, { 1, true }, { 2, false } };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Consumer_that_is_disposed_while_a_thread_waits_throws_there_and_its_place_is_free(int consumers, bool acknowledge)
    {
        using SharedQueue queue = SharedQueue.CreateUnnamed(s_single with { MaxConsumers = consumers, Acknowledge = acknowledge });
        using QueueProducer producer = queue.CreateProducer();
        for (int round = 0; round < 3; round++)
        {
            QueueConsumer consumer = queue.CreateConsumer();
            Blocked receiving = Blocked.In(() => Assert.Throws<ObjectDisposedException>(() => consumer.Receive(new byte[8])));
            consumer.Dispose();
            receiving.Join();
            Assert.Throws<ObjectDisposedException>(() => consumer.TryReceive(new byte[8], out _));
            Assert.Equal(QueueSendOutcome.Sent, producer.Send([1]));
            using QueueConsumer next = queue.CreateConsumer();
            Assert.Equal(1, next.Receive(new byte[8]).Length);
            Assert.Equal(1, queue.GetStatus().Consumers);
        }
    }

    [Fact]
    public async Task Consumer_that_is_disposed_while_somebody_awaits_throws_there()
    {
        using SharedQueue queue = SharedQueue.CreateUnnamed(s_single);
        QueueConsumer consumer = queue.CreateConsumer();
        Task<QueueMessage> receiving = consumer.ReceiveAsync(new byte[8], TestContext.Current.CancellationToken).AsTask();
        Task<bool> waiting = consumer.WaitToReceiveAsync(TestContext.Current.CancellationToken).AsTask();
        consumer.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => receiving.OrHang());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.OrHang());
        queue.CreateConsumer().Dispose();
    }

    [Fact]
    public async Task Producer_that_is_disposed_while_it_waits_for_room_throws_there_and_its_place_is_free()
    {
        using SharedQueue queue = SharedQueue.CreateUnnamed(s_single);
        QueueProducer producer = queue.CreateProducer();
        Fill(producer);
        Blocked sending = Blocked.In(() => Assert.Throws<ObjectDisposedException>(() => producer.Send(new byte[1000])));
        producer.Dispose();
        sending.Join();
        QueueProducer next = queue.CreateProducer();
        Task<QueueSendOutcome> awaiting = next.SendAsync(new byte[1000], 0, TestContext.Current.CancellationToken).AsTask();
        next.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => awaiting.OrHang());
        QueueProducer last = queue.CreateProducer();
        Blocked reserving = Blocked.In(() => Assert.Throws<ObjectDisposedException>(() => last.Reserve(1000)));
        last.Dispose();
        reserving.Join();
        queue.CreateProducer().Dispose();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Messages_come_in_order_and_once_to_consumers_that_are_disposed_by_others_one_after_the_other(int consumers, bool acknowledge)
    {
        using SharedQueue<long> queue = SharedQueue<long>.CreateUnnamed(s_single with { MaxConsumers = consumers, Acknowledge = acknowledge });
        using QueueProducer<long> producer = queue.CreateProducer(new() { TellsWithoutConsumers = false });
        Task sending = Task.Run(() =>
        {
            for (long number = 1; producer.Send(number) == QueueSendOutcome.Sent; number++)
            {
            }
        });
        long last = 0;
        for (int round = 0; round < 30; round++)
        {
            QueueConsumer<long> consumer = queue.CreateConsumer();
            long first = last;
            Task receiving = Task.Run(() => Receive(consumer));
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref last) > first + round, Child.Limit));
            consumer.Dispose();
            await Assert.ThrowsAsync<ObjectDisposedException>(() => receiving.OrHang());
        }
        queue.Complete();
        await sending.OrHang();

        void Receive(QueueConsumer<long> consumer)
        {
            while (consumer.Receive(out long number) == QueueReceiveOutcome.Received)
            {
                Assert.True(number > last, $"{number} after {last}");
                Volatile.Write(ref last, number);
            }
        }
    }

    [Fact]
    public void Reservation_of_a_disposed_producer_is_not_committed_into_the_next_ones_lane()
    {
        using SharedQueue queue = SharedQueue.CreateUnnamed(s_single);
        QueueProducer producer = queue.CreateProducer();
        QueueReservation place = producer.Reserve(8);
        producer.Dispose();
        using QueueProducer next = queue.CreateProducer();
        Assert.Equal(QueueSendOutcome.Sent, next.Send([1, 2]));
        Assert.Equal(nameof(ObjectDisposedException), Commit(ref place));
        using QueueConsumer consumer = queue.CreateConsumer();
        Assert.Equal(2, consumer.Receive(new byte[8]).Length);
        Assert.False(consumer.TryReceive(new byte[8], out _));
    }

    [Fact]
    public void Copy_of_a_reservation_is_not_committed_once_more()
    {
        using SharedQueue queue = SharedQueue.CreateUnnamed(s_single);
        using QueueProducer producer = queue.CreateProducer();
        QueueReservation place = producer.Reserve(8), copy = place;
        Assert.Equal(nameof(QueueSendOutcome.Sent), Commit(ref place));
        Assert.Equal(nameof(InvalidOperationException), Commit(ref copy));
        using QueueReservation other = producer.Reserve(8);
        Assert.Equal(nameof(InvalidOperationException), Commit(ref copy));
        using QueueConsumer consumer = queue.CreateConsumer();
        Assert.True(consumer.TryReceive(new byte[8], out _));
        Assert.False(consumer.TryReceive(new byte[8], out _));
    }

    [Fact]
    public void Who_only_tries_does_not_wait_for_a_thread_that_does()
    {
        using SharedQueue queue = SharedQueue.CreateUnnamed(s_single);
        Blocked receiving = Blocked.In(() => Assert.Equal(3, queue.Receive(new byte[8]).Length));
        Assert.False(queue.TryReceive(new byte[8], out QueueMessage nothing));
        Assert.Equal(QueueReceiveOutcome.Empty, nothing.Outcome);
        Assert.Equal(QueueReceiveOutcome.Empty, queue.Receive(new byte[8], TimeSpan.FromMilliseconds(1)).Outcome);
        Assert.Equal(QueueSendOutcome.Sent, queue.Send([1, 2, 3]));
        receiving.Join();
        while (queue.TrySend(new byte[1000]))
        {
        }
        Blocked sending = Blocked.In(() => Assert.Equal(QueueSendOutcome.Sent, queue.Send(new byte[1000])));
        Assert.False(queue.TrySend([1]));
        Assert.True(queue.TryReceive(new byte[1000], out _));
        Assert.True(queue.TryReceive(new byte[1000], out _));
        sending.Join();
        Assert.True(queue.TryReceive(new byte[1000], out _));
        Assert.True(queue.TrySend([1]));
    }

    [Fact]
    public async Task Who_only_tries_does_not_wait_for_somebody_who_awaits()
    {
        using SharedQueue queue = SharedQueue.CreateUnnamed(s_single);
        Task<QueueMessage> receiving = queue.ReceiveAsync(new byte[8], TestContext.Current.CancellationToken).AsTask();
        Assert.False(queue.TryReceive(new byte[8], out _));
        Assert.True(queue.TrySend([1]));
        Assert.Equal(1, (await receiving.OrHang()).Length);
        while (queue.TrySend(new byte[1000]))
        {
        }
        Task<QueueSendOutcome> sending = queue.SendAsync(new byte[1000], 0, TestContext.Current.CancellationToken).AsTask();
        Assert.False(queue.TrySend([1]));
        while (!sending.IsCompleted)
        {
            // Only a try: the last may be here before it is known that it was sent.
            queue.TryReceive(new byte[1000], out _);
        }
        Assert.Equal(QueueSendOutcome.Sent, await sending.OrHang());
    }

    [Theory]
    [InlineData("Acknowledge False, and True")]
    [InlineData("WhenFull Wait, and DropOldest")]
    [InlineData("MaxProducers 16, and 2")]
    [InlineData("MaxConsumers 16, and 2")]
    [InlineData("Priorities 1, and 2")]
    [InlineData("LaneCapacity 65536, and 4096")]
    public void OpenOrCreate_refuses_one_that_was_made_differently(string difference)
    {
        using TemporaryName name = new();
        using SharedQueue queue = SharedQueue.Create(name);
        using SharedQueue same = SharedQueue.OpenOrCreate(name);
        SharedQueueOptions other = difference.Split(' ')[0] switch
        {
            "Acknowledge" => new() { Acknowledge = true },
            "WhenFull" => new() { WhenFull = QueueWhenFull.DropOldest },
            "MaxProducers" => new() { MaxProducers = 2 },
            "MaxConsumers" => new() { MaxConsumers = 2 },
            "Priorities" => new() { Priorities = 2 },
            _ => new() { LaneCapacity = 4096 },
        };
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => SharedQueue.OpenOrCreate(name, other));
        Assert.Contains(difference, error.Message, StringComparison.Ordinal);
    }

    private static string Commit(ref QueueReservation place)
    {
        try
        {
            return $"{place.Commit()}";
        }
        catch (InvalidOperationException error)
        {
            return error.GetType().Name;
        }
    }

    private static void Fill(QueueProducer producer)
    {
        while (producer.TrySend(new byte[1000]))
        {
        }
    }
}

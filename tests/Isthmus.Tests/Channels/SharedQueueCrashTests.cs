using System.Buffers.Binary;
using System.Globalization;
using Isthmus.Tests.Harness;
using Isthmus.Tests.Segments;

namespace Isthmus.Tests.Channels;

/// <summary>Two processes, one of which is killed.</summary>
public sealed class SharedQueueCrashTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public void Messages_cross_between_processes(int maxConsumers, bool acknowledge)
    {
        using TemporaryName name = new();
        using SharedQueue queue = SharedQueue.Create(name, new() { MaxConsumers = maxConsumers, Acknowledge = acknowledge, LaneCapacity = 4096 });
        using Child sender = Child.Start(SendBody, name, "2000");
        using QueueConsumer consumer = queue.CreateConsumer();
        for (int i = 0; i < 2000; i++)
        {
            Assert.Equal(QueueReceiveOutcome.Received, consumer.Receive(out QueueLoan loan));
            SharedQueueTests.AssertIs(i, loan.Span);
            loan.Acknowledge();
        }
        Assert.Equal("sent", sender.ReadLine());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Messages_of_a_killed_consumer_are_lost_and_counted(int maxConsumers)
    {
        using TemporaryName name = new();
        using SharedQueue queue = SharedQueue.Create(name, new() { MaxConsumers = maxConsumers, LaneCapacity = 4096 });
        using QueueProducer producer = queue.CreateProducer();
        SendNumbers(producer, 10);
        using (Child consumer = Child.Start(TakeBody, name, "5", "2"))
        {
            Assert.Equal("has 5", consumer.ReadLine());
            consumer.Kill();
        }
        await Eventually.IsTrue(() => queue.GetStatus().Consumers == 0);
        SharedQueueStatus status = queue.GetStatus();
        Assert.Equal((3, 0), (status.Lost, status.Consumers));
        AssertReceives(queue, Enumerable.Range(5, 5), redelivered: 0);
        Assert.Equal(0, queue.GetStatus().UsedBytes);
    }

    [Fact]
    public void Messages_of_a_killed_consumer_come_again_when_they_are_to_be_acknowledged()
    {
        using TemporaryName name = new();
        using SharedQueue queue = SharedQueue.Create(name, new() { Acknowledge = true, LaneCapacity = 4096 });
        using QueueProducer producer = queue.CreateProducer();
        SendNumbers(producer, 10);
        using Child consumer = Child.Start(TakeBody, name, "5", "2");
        Assert.Equal("has 5", consumer.ReadLine());
        using QueueConsumer survivor = queue.CreateConsumer();
        for (int i = 5; i < 10; i++)
        {
            Assert.True(survivor.TryReceive(out QueueLoan loan));
            Assert.False(loan.IsRedelivered);
            loan.Acknowledge();
        }
        Blocked waiting = Blocked.In(() =>
        {
            foreach (int number in new[] { 2, 3, 4 })
            {
                Assert.Equal(QueueReceiveOutcome.Received, survivor.Receive(out QueueLoan loan));
                Assert.True(loan.IsRedelivered);
                Assert.Equal(number, BinaryPrimitives.ReadInt32LittleEndian(loan.Span));
                loan.Acknowledge();
            }
        });
        consumer.Kill();
        waiting.Join();
        SharedQueueStatus status = queue.GetStatus();
        Assert.Equal((0, 0), (status.Lost, status.UsedBytes));
    }

    [Fact]
    public void Killed_producer_leaves_its_lane_and_what_it_sent_to_the_next()
    {
        using TemporaryName name = new();
        using SharedQueue queue = SharedQueue.Create(name, new() { MaxProducers = 1, MaxConsumers = 1, LaneCapacity = 4096 });
        using QueueConsumer consumer = queue.CreateConsumer();
        using (Child producer = Child.Start(ReserveBody, name))
        {
            Assert.Equal("reserved", producer.ReadLine());
            Assert.ThrowsAny<IOException>(() => queue.CreateProducer());
            producer.Kill();
        }
        queue.Segment.AwaitDeath(1);
        using QueueProducer next = queue.CreateProducer();
        SharedQueueTests.AssertIs(0, Received(consumer));
        for (int i = 1; i < 200; i++)
        {
            next.Send(SharedQueueTests.Message(i));
            SharedQueueTests.AssertIs(i, Received(consumer));
        }
        Assert.False(consumer.TryReceive(out _));
    }

    [Fact]
    public void Sender_that_waits_for_a_killed_consumer_is_told()
    {
        using TemporaryName name = new();
        using SharedQueue queue = SharedQueue.Create(name, new() { MaxConsumers = 1, LaneCapacity = 4096 });
        using QueueProducer producer = queue.CreateProducer();
        SendNumbers(producer, 10);
        using Child consumer = Child.Start(TakeBody, name, "1", "0");
        Assert.Equal("has 1", consumer.ReadLine());
        SharedQueueRulesTests.Fill(producer);
        Blocked sender = Blocked.In(() =>
        {
            QueueSendOutcome outcome;
            do
            {
                outcome = producer.Send(new byte[500]);
            }
            while (outcome == QueueSendOutcome.Sent);
            Assert.Equal(QueueSendOutcome.NoConsumer, outcome);
        });
        consumer.Kill();
        sender.Join();
    }

    [Fact]
    public async Task Receiver_that_awaits_a_killed_producer_is_told()
    {
        using TemporaryName name = new();
        using SharedQueue queue = SharedQueue.Create(name);
        using Child producer = Child.Start(ReserveBody, name);
        Assert.Equal("reserved", producer.ReadLine());
        using QueueConsumer consumer = queue.CreateConsumer(new() { EndsWithProducers = true });
        SharedQueueTests.AssertIs(0, Received(consumer));
        Task<QueueMessage> receiving = consumer.ReceiveAsync(new byte[1]).AsTask();
        Assert.False(receiving.IsCompleted);
        producer.Kill();
        Assert.Equal(QueueReceiveOutcome.NoProducer, (await receiving.OrHang()).Outcome);
    }

    private static void SendNumbers(QueueProducer producer, int count)
    {
        for (int i = 0; i < count; i++)
        {
            byte[] number = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(number, i);
            Assert.True(producer.TrySend(number));
        }
    }

    private static void AssertReceives(SharedQueue queue, IEnumerable<int> numbers, int redelivered)
    {
        using QueueConsumer consumer = queue.CreateConsumer();
        foreach (int number in numbers)
        {
            Assert.True(consumer.TryReceive(out QueueLoan loan));
            Assert.Equal(number, BinaryPrimitives.ReadInt32LittleEndian(loan.Span));
            Assert.Equal(redelivered > 0, loan.IsRedelivered);
            loan.Acknowledge();
        }
        Assert.False(consumer.TryReceive(out _));
    }

    private static byte[] Received(QueueConsumer consumer)
    {
        Assert.Equal(QueueReceiveOutcome.Received, consumer.Receive(out QueueLoan loan));
        byte[] message = loan.Span.ToArray();
        loan.Dispose();
        return message;
    }

    private static void SendBody(string[] args)
    {
        using SharedQueue queue = SharedQueue.Open(args[0]);
        using QueueProducer producer = queue.CreateProducer();
        for (int i = 0; i < int.Parse(args[1], CultureInfo.InvariantCulture); i++)
        {
            producer.Send(SharedQueueTests.Message(i));
        }
        Console.WriteLine("sent");
    }

    // Takes some, finishes the first of them, and keeps the others.
    private static void TakeBody(string[] args)
    {
        using SharedQueue queue = SharedQueue.Open(args[0]);
        using QueueConsumer consumer = queue.CreateConsumer();
        int taken = int.Parse(args[1], CultureInfo.InvariantCulture), finished = int.Parse(args[2], CultureInfo.InvariantCulture);
        for (int i = 0; i < taken; i++)
        {
            consumer.Receive(out QueueLoan loan);
            if (i < finished)
            {
                loan.Acknowledge();
            }
        }
        Console.WriteLine($"has {taken}");
        Thread.Sleep(Timeout.Infinite);
    }

    // Sends one and dies in the middle of the next.
    private static void ReserveBody(string[] args)
    {
        using SharedQueue queue = SharedQueue.Open(args[0]);
        using QueueProducer producer = queue.CreateProducer();
        producer.Send(SharedQueueTests.Message(0));
        using QueueReservation reservation = producer.Reserve(1000);
        reservation.Span.Fill(0xEE);
        Console.WriteLine("reserved");
        Thread.Sleep(Timeout.Infinite);
    }
}

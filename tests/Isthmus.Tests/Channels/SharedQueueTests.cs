using System.Buffers.Binary;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Channels;

/// <summary>What holds for a queue however it was made.</summary>
public sealed class SharedQueueTests
{
    public static TheoryData<string> Kinds => [.. QueueKinds.All.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Messages_are_received_in_the_order_in_which_they_were_sent(string kind)
    {
        using SharedQueue queue = QueueKinds.Create(kind);
        using QueueProducer producer = queue.CreateProducer();
        using QueueConsumer consumer = queue.CreateConsumer();
        Span<byte> buffer = stackalloc byte[queue.MaxMessage];
        for (int round = 0; round < 1000; round++)
        {
            for (int i = 0; i < 5; i++)
            {
                Assert.Equal(QueueSendOutcome.Sent, producer.Send(Message(round * 5 + i)));
            }
            for (int i = 0; i < 5; i++)
            {
                Assert.True(consumer.TryReceive(buffer, out QueueMessage received));
                AssertIs(round * 5 + i, buffer[..received.Length]);
                Assert.False(received.IsRedelivered);
            }
            Assert.False(consumer.TryReceive(buffer, out _));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Messages_of_all_lengths_from_0_to_the_longest_are_received_whole(string kind)
    {
        using SharedQueue queue = QueueKinds.Create(kind);
        using QueueProducer producer = queue.CreateProducer();
        using QueueConsumer consumer = queue.CreateConsumer();
        byte[] message = new byte[queue.MaxMessage];
        byte[] buffer = new byte[queue.MaxMessage];
        for (int length = 0; length <= message.Length; length += length < 70 ? 1 : 131)
        {
            SendAndReceive(length);
        }
        SendAndReceive(queue.MaxMessage);
        SendAndReceive(queue.MaxMessage);
        Assert.Throws<ArgumentException>(() => producer.Send(new byte[queue.MaxMessage + 1]));

        void SendAndReceive(int length)
        {
            Random.Shared.NextBytes(message.AsSpan(0, length));
            Assert.Equal(QueueSendOutcome.Sent, producer.Send(message.AsSpan(0, length)));
            Assert.True(consumer.TryReceive(buffer, out QueueMessage received));
            Assert.Equal(message.AsSpan(0, length), buffer.AsSpan(0, received.Length));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Blocked_sides_wake_each_other(string kind)
    {
        using SharedQueue queue = QueueKinds.Create(kind);
        using SharedQueue other = SharedQueue.OpenUnnamed(queue.Share());
        const int Count = 20_000;
        Task sender = Task.Run(() =>
        {
            using QueueProducer producer = other.CreateProducer();
            for (int i = 0; i < Count; i++)
            {
                while (producer.Send(Message(i)) != QueueSendOutcome.Sent)
                {
                    Thread.Yield();
                }
            }
        });
        using QueueConsumer consumer = queue.CreateConsumer();
        int last = -1, received = 0;
        while (last < Count - 1)
        {
            Assert.Equal(QueueReceiveOutcome.Received, consumer.Receive(out QueueLoan loan));
            int number = BinaryPrimitives.ReadInt32LittleEndian(loan.Span);
            Assert.True(number > last);
            AssertIs(number, loan.Span);
            last = number;
            received++;
            loan.Acknowledge();
        }
        await sender.OrHang();
        Assert.True(queue.WhenFull == QueueWhenFull.DropOldest || received == Count);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Awaiting_sides_wake_each_other(string kind)
    {
        using SharedQueue queue = QueueKinds.Create(kind);
        using SharedQueue other = SharedQueue.OpenUnnamed(queue.Share());
        const int Count = 5_000;
        Task sender = Task.Run(async () =>
        {
            using QueueProducer producer = other.CreateProducer();
            for (int i = 0; i < Count; i++)
            {
                while (await producer.SendAsync(Message(i)) != QueueSendOutcome.Sent)
                {
                    await Task.Yield();
                }
            }
        });
        using QueueConsumer consumer = queue.CreateConsumer();
        byte[] buffer = new byte[queue.MaxMessage];
        for (int last = -1; last < Count - 1;)
        {
            QueueMessage received = await consumer.ReceiveAsync(buffer, TestContext.Current.CancellationToken).OrHang();
            Assert.Equal(QueueReceiveOutcome.Received, received.Outcome);
            int number = BinaryPrimitives.ReadInt32LittleEndian(buffer);
            Assert.True(number > last);
            last = number;
        }
        await sender.OrHang();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Reserved_message_is_written_in_place_and_is_there_after_commit(string kind)
    {
        using SharedQueue queue = QueueKinds.Create(kind);
        using QueueProducer producer = queue.CreateProducer();
        using QueueConsumer consumer = queue.CreateConsumer();
        for (int round = 0; round < 500; round++)
        {
            using (QueueReservation dropped = producer.Reserve(round * 3 % queue.MaxMessage))
            {
                dropped.Span.Fill(0xEE);
            }
            using QueueReservation reservation = producer.Reserve(100);
            reservation.Span.Fill((byte)round);
            Assert.False(consumer.TryReceive(out _));
            Assert.Equal(QueueSendOutcome.Sent, reservation.Commit());
            Assert.True(consumer.TryReceive(out QueueLoan loan));
            Assert.Equal(100, loan.Length);
            Assert.Equal(-1, loan.Span.IndexOfAnyExcept((byte)round));
            loan.Acknowledge();
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Loans_may_end_in_any_order(string kind)
    {
        using SharedQueue queue = QueueKinds.Create(kind);
        using QueueProducer producer = queue.CreateProducer();
        using QueueConsumer consumer = queue.CreateConsumer();
        for (int round = 0; round < 1000; round++)
        {
            for (int i = 0; i < 3; i++)
            {
                Assert.True(producer.TrySend(Message(round + i)));
            }
            Assert.True(consumer.TryReceive(out QueueLoan first));
            Assert.True(consumer.TryReceive(out QueueLoan second));
            Assert.True(consumer.TryReceive(out QueueLoan third));
            second.Acknowledge();
            AssertIs(round, first.Span);
            (round % 2 == 0 ? ref first : ref third).Acknowledge();
            (round % 2 == 0 ? ref third : ref first).Acknowledge();
        }
    }

    internal static byte[] Message(int number)
    {
        byte[] message = new byte[4 + (number % 200)];
        message.AsSpan().Fill((byte)number);
        BinaryPrimitives.WriteInt32LittleEndian(message, number);
        return message;
    }

    internal static void AssertIs(int number, ReadOnlySpan<byte> message) => Assert.Equal(Message(number), message);
}

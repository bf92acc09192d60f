using System.Buffers.Binary;

namespace Isthmus.Tests.Channels;

public sealed class QueueBatchTests
{
    public static TheoryData<string, int> KindsAndLengths
    {
        get
        {
            TheoryData<string, int> all = [];
            foreach (string kind in QueueKinds.All.Keys)
            {
                foreach (int length in new[] { 4, 7, 8, 16, 32, 64, 100 })
                {
                    all.Add(kind, length);
                }
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(KindsAndLengths))]
    public void Batches_are_received_whole_and_in_order(string kind, int length)
    {
        using SharedQueue queue = QueueKinds.Create(kind);
        using QueueProducer producer = queue.CreateProducer();
        using QueueConsumer consumer = queue.CreateConsumer();
        byte[] messages = new byte[length * 15];
        int sentInAll = 0, receivedInAll = 0;
        for (int round = 0; round < 300; round++)
        {
            for (int i = 0; i < 15; i++)
            {
                messages.AsSpan(i * length, length).Fill((byte)(sentInAll + i));
                BinaryPrimitives.WriteInt32LittleEndian(messages.AsSpan(i * length), sentInAll + i);
            }
            Assert.Equal(QueueSendOutcome.Sent, producer.SendBatch(messages, length, out int sent));
            Assert.Equal(15, sent);
            sentInAll += sent;
            while (consumer.TryReceiveBatch(out QueueBatch batch, most: 1 + (round % 20)))
            {
                while (batch.TryNext(out ReadOnlySpan<byte> message))
                {
                    Assert.Equal(length, message.Length);
                    Assert.Equal(receivedInAll, BinaryPrimitives.ReadInt32LittleEndian(message));
                    Assert.Equal(-1, message[4..].IndexOfAnyExcept((byte)receivedInAll));
                    receivedInAll++;
                }
                batch.Acknowledge();
            }
            Assert.Equal(sentInAll, receivedInAll);
        }
    }

    [Theory]
    [InlineData("one to one")]
    [InlineData("many to many")]
    [InlineData("acknowledged")]
    public void All_that_was_taken_is_finished_by_a_copy_of_the_batch_too_and_once(string kind)
    {
        using SharedQueue queue = QueueKinds.Create(kind);
        using QueueProducer producer = queue.CreateProducer();
        using QueueConsumer consumer = queue.CreateConsumer();
        Assert.Equal(QueueSendOutcome.Sent, producer.SendBatch(new byte[80], 8, out _));
        Assert.True(consumer.TryReceiveBatch(out QueueBatch batch));
        QueueBatch copy = batch;
        while (batch.TryNext(out _))
        {
        }
        copy.Acknowledge();
        Assert.Equal(0, queue.GetStatus().UsedBytes);
        producer.Send(new byte[8]);
        Assert.True(consumer.TryReceiveBatch(out QueueBatch next));
        batch.Dispose();
        Assert.Equal(16, queue.GetStatus().UsedBytes);
        next.Acknowledge();
        Assert.Equal(0, queue.GetStatus().UsedBytes);
    }

    [Fact]
    public void As_many_of_a_batch_are_sent_as_there_is_room_for()
    {
        using SharedQueue queue = SharedQueue.CreateUnnamed(new() { MaxProducers = 1, MaxConsumers = 1, LaneCapacity = 4096 });
        using QueueProducer producer = queue.CreateProducer();
        using QueueConsumer consumer = queue.CreateConsumer();
        Assert.Equal(QueueSendOutcome.Full, producer.TrySendBatch(new byte[8 * 1000], 8, out int sent));
        Assert.Equal(255, sent);
        Assert.True(consumer.TryReceiveBatch(out QueueBatch batch));
        int received = 0;
        while (batch.TryNext(out _))
        {
            received++;
        }
        batch.Dispose();
        Assert.Equal(255, received);
    }

    [Fact]
    public void Batch_after_a_loan_that_is_open_frees_its_places_when_that_ends()
    {
        using SharedQueue queue = SharedQueue.CreateUnnamed(new() { MaxProducers = 1, MaxConsumers = 1, LaneCapacity = 4096 });
        using QueueProducer producer = queue.CreateProducer();
        using QueueConsumer consumer = queue.CreateConsumer();
        for (int round = 0; round < 100; round++)
        {
            Assert.Equal(QueueSendOutcome.Sent, producer.TrySendBatch(new byte[8 * 100], 8, out _));
            Assert.True(consumer.TryReceive(out QueueLoan loan));
            Assert.True(consumer.TryReceiveBatch(out QueueBatch batch));
            Assert.Throws<InvalidOperationException>(() => consumer.TryReceive(out _));
            int received = 0;
            while (batch.TryNext(out _))
            {
                received++;
            }
            batch.Dispose();
            loan.Dispose();
            // The batch ends where the ring does.
            while (received < 99)
            {
                Assert.True(consumer.TryReceive(out QueueLoan next));
                next.Dispose();
                received++;
            }
        }
    }
}

using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Channels;

/// <summary>A message wakes one of several consumers that sleep, and nobody is forgotten.</summary>
public sealed class QueueWakeTests
{
    private const int Rounds = 30;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Messages_that_come_at_once_wake_as_many(bool acknowledges)
    {
        const int Consumers = 4;
        using SharedQueue queue = SharedQueue.CreateUnnamed(new() { MaxConsumers = Consumers, LaneCapacity = 4096, Acknowledge = acknowledges });
        using QueueProducer producer = queue.CreateProducer();
        using Barrier all = new(Consumers + 1);
        // Each receives one message a round, and is busy with it until all have theirs.
        Thread[] threads = [.. Enumerable.Range(0, Consumers).Select(_ => new Thread(() =>
        {
            using QueueConsumer consumer = queue.CreateConsumer();
            for (int round = 0; round < Rounds; round++)
            {
                if (consumer.Receive(out QueueLoan loan) != QueueReceiveOutcome.Received || !all.SignalAndWait(Child.Limit))
                {
                    return;
                }
                loan.Acknowledge();
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        byte[] messages = new byte[Consumers * sizeof(long)];
        for (int round = 0; round < Rounds; round++)
        {
            producer.SendBatch(messages, sizeof(long), out _);
            bool haveAll = all.SignalAndWait(Child.Limit);
            if (!haveAll)
            {
                queue.Complete();
            }
            Assert.True(haveAll);
        }
        Assert.All(threads, thread => Assert.True(thread.Join(Child.Limit)));
    }

    [Fact]
    public void Whoever_gives_up_takes_no_wake_along()
    {
        using SharedQueue queue = SharedQueue.CreateUnnamed(new() { MaxConsumers = 2, LaneCapacity = 4096 });
        using QueueProducer producer = queue.CreateProducer();
        using SemaphoreSlim received = new(0), began = new(0), ended = new(0);
        Thread patient = new(() =>
        {
            using QueueConsumer consumer = queue.CreateConsumer();
            while (consumer.Receive(new byte[8]).Outcome == QueueReceiveOutcome.Received)
            {
                received.Release();
            }
        });
        int round = 0;
        Thread hasty = new(() =>
        {
            using QueueConsumer consumer = queue.CreateConsumer();
            while (began.Wait(Child.Limit) && !queue.IsCompleted)
            {
                if (consumer.Receive(new byte[8], TimeSpan.FromMicroseconds(10 * (round % 20))).Outcome == QueueReceiveOutcome.Received)
                {
                    received.Release();
                }
                ended.Release();
            }
        });
        patient.Start();
        hasty.Start();
        for (; round < Rounds; round++)
        {
            began.Release();
            Thread.SpinWait(round * 30);
            producer.Send(new byte[8]);
            Assert.True(received.Wait(Child.Limit));
            Assert.True(ended.Wait(Child.Limit));
        }
        queue.Complete();
        began.Release();
        Assert.True(patient.Join(Child.Limit) && hasty.Join(Child.Limit));
    }
}

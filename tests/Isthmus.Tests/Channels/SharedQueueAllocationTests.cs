using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Channels;

/// <summary>Nothing is allocated for a message.</summary>
[Collection(Alone.Name)]
public sealed class SharedQueueAllocationTests
{
    private const int Rounds = 1000;

    public static TheoryData<string> Kinds => [.. QueueKinds.All.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Sync_calls_allocate_nothing(string kind)
    {
        using SharedQueue queue = QueueKinds.Create(kind);
        using QueueProducer producer = queue.CreateProducer();
        using QueueConsumer consumer = queue.CreateConsumer();
        byte[] message = new byte[40], buffer = new byte[100], many = new byte[80];
        Run(100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(Rounds);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                producer.Send(message);
                producer.TrySend(message, TimeSpan.FromTicks(1));
                using (QueueReservation reservation = producer.Reserve(50))
                {
                    reservation.Commit();
                }
                producer.SendBatch(many, 8, out _);
                consumer.TryReceive(out QueueLoan loan);
                loan.Acknowledge();
                consumer.Receive(buffer);
                consumer.TryReceive(TimeSpan.FromTicks(1), out loan);
                loan.Acknowledge();
                while (consumer.TryReceiveBatch(out QueueBatch batch))
                {
                    while (batch.TryNext(out _))
                    {
                    }
                    batch.Acknowledge();
                }
                consumer.TryReceive(TimeSpan.FromTicks(1), out loan);
            }
        }
    }

    [Fact]
    public async Task Awaited_calls_that_need_not_wait_allocate_nothing()
    {
        using SharedQueue queue = SharedQueue.CreateUnnamed();
        using QueueProducer producer = queue.CreateProducer();
        using QueueConsumer consumer = queue.CreateConsumer();
        byte[] message = new byte[40], buffer = new byte[100];
        Assert.Equal(0, await Allocated.PerRoundAsync(async rounds =>
        {
            for (int i = 0; i < rounds; i++)
            {
                await producer.SendAsync(message);
                await consumer.ReceiveAsync(buffer);
            }
        }));
    }
}

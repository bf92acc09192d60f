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
        Assert.Equal(0, Allocated.ByThisThread(() => Run(Rounds)));

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

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Receiving_that_waits_allocates_nothing(string kind)
    {
        using SharedQueue queue = QueueKinds.Create(kind);
        using QueueProducer producer = queue.CreateProducer();
        using QueueConsumer consumer = queue.CreateConsumer();
        using CancellationTokenSource source = new();
        byte[] message = new byte[40], buffer = new byte[100];
        // One object a round would be 24 bytes at least.
        Assert.InRange(await Allocated.PerRoundAsync(RunAsync), 0, 20);

        async Task RunAsync(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                ValueTask<QueueMessage> received = consumer.ReceiveAsync(buffer, source.Token);
                Assert.False(received.IsCompleted);
                producer.Send(message);
                await received;
            }
        }
    }

    [Fact]
    public async Task Sending_that_waits_allocates_nothing()
    {
        // Three messages fill a lane, and one that is received makes room for the next.
        using SharedQueue queue = SharedQueue.CreateUnnamed(new() { LaneCapacity = 4096 });
        using QueueProducer producer = queue.CreateProducer();
        using QueueConsumer consumer = queue.CreateConsumer();
        using CancellationTokenSource source = new();
        byte[] message = new byte[1016], buffer = new byte[1016];
        while (producer.TrySend(message))
        {
        }
        Assert.InRange(await Allocated.PerRoundAsync(RunAsync), 0, 20);

        async Task RunAsync(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                ValueTask<QueueSendOutcome> sent = producer.SendAsync(message, 0, source.Token);
                Assert.False(sent.IsCompleted);
                consumer.Receive(buffer);
                await sent;
            }
        }
    }

    [Fact]
    public async Task Await_foreach_that_waits_allocates_nothing()
    {
        using SharedQueue<long> queue = SharedQueue<long>.CreateUnnamed();
        using QueueProducer<long> producer = queue.CreateProducer();
        using QueueConsumer<long> consumer = queue.CreateConsumer();
        await using IAsyncEnumerator<long> values = consumer.ReadAllAsync().GetAsyncEnumerator();
        Assert.InRange(await Allocated.PerRoundAsync(RunAsync), 0, 20);

        async Task RunAsync(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                ValueTask<bool> moved = values.MoveNextAsync();
                producer.Send(i);
                Assert.True(await moved);
            }
        }
    }
}

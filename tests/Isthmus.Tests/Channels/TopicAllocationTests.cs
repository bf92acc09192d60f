using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Channels;

/// <summary>Nothing is allocated for a sample.</summary>
[Collection(Alone.Name)]
public sealed class TopicAllocationTests
{
    private static readonly TopicOptions s_small = new() { MaxSampleSize = 64, Buffer = 4, MaxSubscribers = 3 };

    [Fact]
    public void Publishing_and_receiving_allocates_nothing()
    {
        using Topic topic = Topic.CreateUnnamed(s_small);
        using Publisher publisher = topic.CreatePublisher();
        using Subscriber dropping = topic.CreateSubscriber();
        using Subscriber blocking = topic.CreateSubscriber(new() { Overflow = TopicOverflow.Block });
        using Subscriber slow = topic.CreateSubscriber();
        byte[] buffer = new byte[64];
        Run(200);
        Assert.Equal(0, Allocated.ByThisThread(() => Run(2000)));

        void Run(int rounds)
        {
            for (int round = 0; round < rounds; round++)
            {
                publisher.Publish(buffer);
                using (TopicReservation reservation = publisher.Reserve(8))
                {
                    reservation.Commit();
                }
                publisher.TryPublish(buffer, TimeSpan.FromTicks(1));
                foreach (Subscriber subscriber in (ReadOnlySpan<Subscriber>)[dropping, blocking])
                {
                    subscriber.Receive().Dispose();
                    subscriber.Receive(buffer);
                    subscriber.TryReceive(out TopicSample sample);
                    sample.Dispose();
                }
                dropping.TryReceive(TimeSpan.FromTicks(1), out _);
                if (round % 100 == 0)
                {
                    slow.TryReceive(buffer, out _);
                }
            }
        }
    }

    [Fact]
    public async Task Awaiting_what_is_there_allocates_nothing()
    {
        using Topic topic = Topic.CreateUnnamed(s_small);
        using Publisher publisher = topic.CreatePublisher();
        using Subscriber subscriber = topic.CreateSubscriber();
        byte[] buffer = new byte[64];
        // One object a round would be 24 bytes at least.
        Assert.InRange(await Allocated.PerRoundAsync(RunAsync), 0, 20);

        async Task RunAsync(int rounds)
        {
            for (int round = 0; round < rounds; round++)
            {
                await publisher.PublishAsync(buffer);
                await subscriber.ReceiveAsync(buffer);
                await publisher.PublishAsync(buffer);
                await subscriber.WaitAsync();
                subscriber.Receive(buffer);
            }
        }
    }

    [Fact]
    public async Task Awaiting_what_comes_later_allocates_nothing()
    {
        using Topic topic = Topic.CreateUnnamed(s_small);
        using Publisher publisher = topic.CreatePublisher();
        using Subscriber subscriber = topic.CreateSubscriber();
        using CancellationTokenSource source = new();
        byte[] buffer = new byte[64];
        Assert.InRange(await Allocated.PerRoundAsync(RunAsync), 0, 20);

        async Task RunAsync(int rounds)
        {
            for (int round = 0; round < rounds; round++)
            {
                ValueTask<TopicSampleInfo> received = subscriber.ReceiveAsync(buffer, source.Token);
                Assert.False(received.IsCompleted);
                publisher.Publish(buffer);
                await received;
                ValueTask<bool> waited = subscriber.TryWaitAsync(TimeSpan.FromMinutes(1), source.Token);
                Assert.False(waited.IsCompleted);
                publisher.Publish(buffer);
                Assert.True(await waited);
                subscriber.Receive(buffer);
            }
        }
    }
}

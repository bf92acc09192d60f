using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Channels;

public sealed class TypedTopicTests
{
    private static readonly TopicOptions s_small = new() { Buffer = 4, MaxSubscribers = 2, MaxPublishers = 1 };

    [Fact]
    public async Task Samples_come_in_each_form()
    {
        using Topic<(long, double)> topic = Topic<(long, double)>.CreateUnnamed(s_small);
        using Publisher<(long, double)> publisher = topic.CreatePublisher();
        using Subscriber<(long, double)> subscriber = topic.CreateSubscriber(new() { Overflow = TopicOverflow.Block });
        publisher.Publish((1, 0.5));
        Assert.Equal((1, 0.5), subscriber.Receive());
        Assert.True(publisher.TryPublish((2, 1)));
        Assert.True(subscriber.TryReceive(out (long, double) sample));
        Assert.Equal((2, 1), sample);
        Assert.False(subscriber.TryReceive(out _));
        Assert.False(subscriber.TryReceive(TimeSpan.FromMilliseconds(1), out _));
        await publisher.PublishAsync((3, 1), TestContext.Current.CancellationToken);
        Assert.Equal((3, 1), await subscriber.ReceiveAsync(TestContext.Current.CancellationToken));
        Assert.True(publisher.TryPublish((4, 1), TimeSpan.FromSeconds(1)));
        await foreach ((long number, _) in subscriber.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            Assert.Equal(4, number);
            break;
        }
        while (publisher.TryPublish((5, 1)))
        {
        }
        Task waiting = publisher.PublishAsync((6, 1), TestContext.Current.CancellationToken).AsTask();
        Assert.Equal((5, 1), subscriber.Receive(out TopicSampleInfo info));
        Assert.Equal((16, 4L, 0L), (info.Length, info.Number, info.Lost));
        await waiting.OrHang();
    }

    [Fact]
    public void Topic_of_another_size_is_refused()
    {
        using TemporaryName name = new();
        using Topic<long> topic = Topic<long>.Create(name, s_small);
        Assert.Equal(8, topic.Untyped.MaxSampleSize);
        Assert.Throws<InvalidDataException>(() => Topic<int>.Open(name));
        Assert.Throws<InvalidDataException>(() => Topic<int>.OpenOrCreate(name, s_small));
        using Topic<ulong> same = Topic<ulong>.OpenOrCreate(name, s_small);
        using Topic bytes = Topic.CreateUnnamed(s_small);
        Assert.Contains(
            "samples of bytes", Assert.Throws<InvalidDataException>(() => Topic<long>.OpenUnnamed(bytes.Share())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sample_of_another_size_is_refused()
    {
        using Topic<long> topic = Topic<long>.CreateUnnamed(s_small);
        using Publisher<long> publisher = topic.CreatePublisher();
        using Subscriber<long> subscriber = topic.CreateSubscriber();
        publisher.Untyped.Publish([1]);
        publisher.Publish(2);
        Assert.Throws<InvalidDataException>(() => subscriber.TryReceive(out _));
        Assert.Equal(2, subscriber.Receive());
    }
}

using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Channels;

public sealed class TopicSetupTests
{
    private static readonly TopicOptions s_small = new() { MaxSampleSize = 64, MaxPublishers = 2, MaxSubscribers = 3, Buffer = 4, MaxLoans = 2, History = 3 };

    [Fact]
    public void Setup_that_does_not_fit_is_refused_with_what_would()
    {
        TopicOptions options = new() { MaxSampleSize = 1 << 30, MaxPublishers = 1, MaxSubscribers = 1, Buffer = 10, MaxLoans = 1 };
        string message = Assert.Throws<ArgumentException>(() => Topic.CreateUnnamed(options)).Message;
        Assert.Contains("of at most", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TopicOptions { MaxSampleSize = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TopicOptions { MaxPublishers = 65 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TopicOptions { MaxSubscribers = 257 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TopicOptions { MaxLoans = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TopicOptions { Buffer = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TopicOptions { History = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SubscriberOptions { History = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SubscriberOptions { Overflow = (TopicOverflow)2 });
    }

    [Fact]
    public void OpenOrCreate_refuses_another_setup()
    {
        using TemporaryName name = new();
        using Topic made = Topic.OpenOrCreate(name, s_small);
        using Topic same = Topic.OpenOrCreate(name, s_small);
        Assert.Equal((64, 2, 3, 2, 4, 3), (same.MaxSampleSize, same.MaxPublishers, same.MaxSubscribers, same.MaxLoans, same.Buffer, same.History));
        Assert.Throws<InvalidDataException>(() => Topic.OpenOrCreate(name, s_small with { Buffer = 5 }));
        Assert.Throws<PosixException>(() => Topic.Create(name, s_small));
        using SharedEvent other = SharedEvent.CreateUnnamed(EventResetMode.AutoReset);
        Assert.Throws<InvalidDataException>(() => Topic.OpenUnnamed(other.Share()));
    }

    [Fact]
    public void Publishers_and_subscribers_are_as_many_as_it_was_made_for()
    {
        using Topic topic = Topic.CreateUnnamed(s_small);
        using Publisher one = topic.CreatePublisher();
        Publisher two = topic.CreatePublisher();
        Assert.Equal([0, 1], [one.Index, two.Index]);
        Assert.Contains("2 publishers", Assert.Throws<PosixException>(topic.CreatePublisher).Message, StringComparison.Ordinal);
        two.Dispose();
        using Publisher again = topic.CreatePublisher();
        Assert.Equal(1, again.Index);
        Subscriber[] subscribers = [.. Enumerable.Range(0, 3).Select(_ => topic.CreateSubscriber())];
        Assert.Contains("3 subscribers", Assert.Throws<PosixException>(() => topic.CreateSubscriber()).Message, StringComparison.Ordinal);
        subscribers[1].Dispose();
        subscribers[1].Dispose();
        topic.CreateSubscriber().Dispose();
        Assert.Throws<ObjectDisposedException>(() => subscribers[1].TryReceive(out _));
        Assert.Throws<ObjectDisposedException>(() => two.Publish(default));
    }
}

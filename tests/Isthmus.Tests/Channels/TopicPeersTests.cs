using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Channels;

/// <summary>What publishers and subscribers learn of each other.</summary>
public sealed class TopicPeersTests
{
    private static readonly TopicOptions s_small = new() { MaxSampleSize = 64, MaxPublishers = 2, MaxSubscribers = 2, Buffer = 4, History = 4 };

    private static readonly SubscriberOptions s_ending = new() { EndsWithPublishers = true };

    [Fact]
    public void Counts_are_of_those_who_are_there()
    {
        using Topic topic = Topic.CreateUnnamed(s_small);
        Assert.Equal((0, 0), (topic.PublisherCount, topic.SubscriberCount));
        Publisher publisher = topic.CreatePublisher();
        Subscriber first = topic.CreateSubscriber(), second = topic.CreateSubscriber(new() { Overflow = TopicOverflow.Block });
        Assert.Equal((1, 2), (topic.PublisherCount, topic.SubscriberCount));
        publisher.Dispose();
        second.Dispose();
        Assert.Equal((0, 1), (topic.PublisherCount, topic.SubscriberCount));
        topic.Dispose();
        Assert.Throws<ObjectDisposedException>(() => topic.SubscriberCount);
        first.Dispose();
    }

    [Fact]
    public async Task Counts_forget_the_killed_although_nobody_waits()
    {
        using TemporaryName name = new();
        using Topic topic = Topic.Create(name, s_small);
        using Child subscriber = Child.Start(Subscribe, name);
        Assert.Equal("there", subscriber.ReadLine());
        using Child publisher = Child.Start(Publish, name);
        Assert.Equal("there", publisher.ReadLine());
        Assert.Equal((1, 1), (topic.PublisherCount, topic.SubscriberCount));
        subscriber.Kill();
        publisher.Kill();
        await Eventually.IsTrue(() => (topic.PublisherCount, topic.SubscriberCount) == (0, 0));
    }

    [Fact]
    public void Sample_that_is_published_after_the_wait_comes_to_those_who_were_waited_for()
    {
        using TemporaryName name = new();
        using Topic topic = Topic.Create(name, s_small);
        using Publisher publisher = topic.CreatePublisher();
        Assert.False(topic.TryWaitForSubscribers(TimeSpan.Zero));
        using Child child = Child.Start(ReceiveOne, name);
        topic.WaitForSubscribers();
        publisher.Publish([42]);
        Assert.Equal("42", child.ReadLine());
    }

    [Fact]
    public async Task Waits_end_when_as_many_have_come_as_were_asked_for()
    {
        using Topic topic = Topic.CreateUnnamed(s_small);
        Blocked blocked = Blocked.In(() => topic.WaitForSubscribers(2));
        Task subscribers = topic.WaitForSubscribersAsync(2, TestContext.Current.CancellationToken).AsTask();
        Task publishers = topic.WaitForPublishersAsync(1, TestContext.Current.CancellationToken).AsTask();
        using Subscriber first = topic.CreateSubscriber();
        Assert.False(topic.TryWaitForSubscribers(TimeSpan.FromMilliseconds(5), 2));
        Assert.False(subscribers.IsCompleted || publishers.IsCompleted);
        using Subscriber second = topic.CreateSubscriber();
        await subscribers.OrHang();
        blocked.Join();
        Assert.False(topic.TryWaitForPublishers(TimeSpan.Zero));
        using Publisher publisher = topic.CreatePublisher();
        await publishers.OrHang();
        topic.WaitForPublishers();
        Assert.Throws<ArgumentOutOfRangeException>(() => topic.WaitForPublishers(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => topic.WaitForSubscribers(0));
        using CancellationTokenSource cancelling = new();
        Task cancelled = topic.WaitForPublishersAsync(2, cancelling.Token).AsTask();
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.OrHang());
    }

    [Fact]
    public async Task Subscriber_that_asks_for_it_ends_with_the_last_publisher_after_all_was_received()
    {
        using Topic topic = Topic.CreateUnnamed(s_small);
        using Subscriber subscriber = topic.CreateSubscriber(s_ending);
        Assert.False(subscriber.TryReceive(TimeSpan.FromMilliseconds(1), out _));
        Assert.False(subscriber.HasEnded);
        Publisher first = topic.CreatePublisher(), second = topic.CreatePublisher();
        first.Publish([1]);
        first.Dispose();
        second.Publish([2]);
        Task<int> all = Count(subscriber.ReadAllAsync(TestContext.Current.CancellationToken));
        second.Dispose();
        Assert.Equal(2, await all.OrHang());
        Assert.True(subscriber.HasEnded);
        Assert.False(subscriber.TryReceive(Timeout.InfiniteTimeSpan, out _));
        Assert.False(subscriber.TryReceive(new byte[8], Timeout.InfiniteTimeSpan, out _));
        Assert.Throws<EndOfStreamException>(() => subscriber.Receive().Dispose());
        Assert.Throws<EndOfStreamException>(() => subscriber.Receive(new byte[8]));
        await Assert.ThrowsAsync<EndOfStreamException>(() => subscriber.ReceiveAsync(new byte[8], TestContext.Current.CancellationToken).OrHang());
        await Assert.ThrowsAsync<EndOfStreamException>(() => subscriber.WaitAsync(TestContext.Current.CancellationToken).OrHang());
        Assert.Equal(0, WaitAny.Wait(subscriber.ToWaitSource()));
        using Publisher third = topic.CreatePublisher();
        third.Publish([3]);
        Assert.Equal(1, subscriber.Receive(new byte[8]).Length);
        Assert.False(subscriber.TryReceive(TimeSpan.FromMilliseconds(1), out _));
        Assert.False(subscriber.HasEnded);
    }

    [Theory]
    [InlineData(TopicOverflow.DropOldest)]
    [InlineData(TopicOverflow.Block)]
    public async Task Subscriber_ends_with_a_publisher_that_was_killed(TopicOverflow overflow)
    {
        using TemporaryName name = new();
        using Topic<int> topic = Topic<int>.Create(name, s_small);
        using Subscriber<int> subscriber = topic.CreateSubscriber(s_ending with { Overflow = overflow });
        using Child publisher = Child.Start(PublishNumber, name);
        Assert.Equal("there", publisher.ReadLine());
        Task<List<int>> reading = ReadAll(subscriber);
        publisher.Kill();
        Assert.Equal([7], await reading.OrHang());
        Assert.True(subscriber.HasEnded);
    }

    [Fact]
    public async Task Subscriber_that_is_disposed_while_somebody_waits_throws_there_and_its_place_is_free()
    {
        using Topic topic = Topic.CreateUnnamed(s_small with { MaxSubscribers = 1 });
        Subscriber blocking = topic.CreateSubscriber();
        Blocked receiving = Blocked.In(() => Assert.Throws<ObjectDisposedException>(() => blocking.Receive().Dispose()));
        blocking.Dispose();
        receiving.Join();
        Subscriber awaited = topic.CreateSubscriber();
        Task awaiting = awaited.ReceiveAsync(new byte[8], TestContext.Current.CancellationToken).AsTask();
        awaited.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => awaiting.OrHang());
        topic.CreateSubscriber().Dispose();
    }

    [Fact]
    public async Task Publisher_that_is_disposed_while_it_waits_throws_there_and_publishes_nothing()
    {
        using Topic topic = Topic.CreateUnnamed(s_small with { MaxPublishers = 1, MaxSubscribers = 1 });
        using Subscriber subscriber = topic.CreateSubscriber(new() { Overflow = TopicOverflow.Block });
        Publisher blocking = topic.CreatePublisher();
        int published = 0;
        for (; blocking.TryPublish([1]); published++)
        {
        }
        Blocked publishing = Blocked.In(() => Assert.Throws<ObjectDisposedException>(() => blocking.Publish([2])));
        blocking.Dispose();
        publishing.Join();
        Publisher awaited = topic.CreatePublisher();
        Task awaiting = awaited.PublishAsync(new byte[] { 2 }, TestContext.Current.CancellationToken).AsTask();
        awaited.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => awaiting.OrHang());
        using Publisher next = topic.CreatePublisher();
        Assert.Equal(published, next.Published);
        Assert.Throws<ArgumentOutOfRangeException>(() => next.Reserve(-1));
    }

    [Theory]
    [InlineData(TopicOverflow.DropOldest)]
    [InlineData(TopicOverflow.Block)]
    public async Task Subscribers_that_are_disposed_by_others_leave_nothing_behind(TopicOverflow overflow)
    {
        using Topic topic = Topic.CreateUnnamed(s_small with { MaxSubscribers = 1 });
        using CancellationTokenSource ending = new();
        Task publishing = Task.Run(() =>
        {
            using Publisher publisher = topic.CreatePublisher();
            while (!ending.IsCancellationRequested)
            {
                publisher.Publish([1]);
            }
        });
        for (int round = 0; round < 30; round++)
        {
            Subscriber subscriber = topic.CreateSubscriber(new() { Overflow = overflow });
            int received = 0;
            Task receiving = Task.Run(() =>
            {
                while (true)
                {
                    subscriber.Receive().Dispose();
                    Volatile.Write(ref received, received + 1);
                }
            });
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref received) > round, Child.Limit));
            subscriber.Dispose();
            await Assert.ThrowsAsync<ObjectDisposedException>(() => receiving.OrHang());
            Assert.Equal(0, topic.SubscriberCount);
        }
        await ending.CancelAsync();
        await publishing.OrHang();
    }

    [Fact]
    public void Losses_of_the_last_subscriber_of_a_place_are_not_those_of_the_next()
    {
        using Topic topic = Topic.CreateUnnamed(s_small with { MaxSubscribers = 1 });
        using Publisher publisher = topic.CreatePublisher();
        Subscriber slow = topic.CreateSubscriber();
        for (int number = 0; number < 1000; number++)
        {
            publisher.Publish([1]);
        }
        Assert.True(slow.TryReceive(new byte[8], out _));
        Assert.NotEqual(0, Assert.Single(topic.GetStatus().Subscribers).Lost);
        slow.Dispose();
        using Subscriber next = topic.CreateSubscriber();
        Assert.Equal(0, Assert.Single(topic.GetStatus().Subscribers).Lost);
    }

    [Fact]
    public void OpenOrCreate_says_what_was_made_differently()
    {
        using TemporaryName name = new();
        using Topic topic = Topic.Create(name, s_small);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Topic.OpenOrCreate(name, s_small with { History = 3 }));
        Assert.Contains("History 4, and 3", error.Message, StringComparison.Ordinal);
    }

    private static async Task<int> Count(IAsyncEnumerable<ReadOnlyMemory<byte>> samples)
    {
        int count = 0;
        await foreach (ReadOnlyMemory<byte> _ in samples)
        {
            count++;
        }
        return count;
    }

    private static async Task<List<int>> ReadAll(Subscriber<int> subscriber)
    {
        List<int> all = [];
        await foreach (int sample in subscriber.ReadAllAsync())
        {
            all.Add(sample);
        }
        return all;
    }

    private static void Subscribe(string[] args)
    {
        using Topic topic = Topic.Open(args[0]);
        using Subscriber subscriber = topic.CreateSubscriber();
        Console.WriteLine("there");
        Console.ReadLine();
    }

    private static void Publish(string[] args)
    {
        using Topic topic = Topic.Open(args[0]);
        using Publisher publisher = topic.CreatePublisher();
        Console.WriteLine("there");
        Console.ReadLine();
    }

    private static void PublishNumber(string[] args)
    {
        using Topic<int> topic = Topic<int>.Open(args[0]);
        using Publisher<int> publisher = topic.CreatePublisher();
        publisher.Publish(7);
        Console.WriteLine("there");
        Console.ReadLine();
    }

    private static void ReceiveOne(string[] args)
    {
        using Topic topic = Topic.Open(args[0]);
        using Subscriber subscriber = topic.CreateSubscriber();
        using TopicSample sample = subscriber.Receive();
        Console.WriteLine($"{sample.Span[0]}");
        Console.ReadLine();
    }
}

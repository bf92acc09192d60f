using System.Text;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Channels;

public sealed class TopicTests
{
    private static readonly TopicOptions s_small = new() { MaxSampleSize = 64, MaxPublishers = 2, MaxSubscribers = 3, Buffer = 4, MaxLoans = 2, History = 3 };

    private static readonly SubscriberOptions s_blocking = new() { Overflow = TopicOverflow.Block };

    [Theory]
    [InlineData(TopicOverflow.DropOldest)]
    [InlineData(TopicOverflow.Block)]
    public void Samples_come_to_all_subscribers_in_order(TopicOverflow overflow)
    {
        using Topic topic = Topic.CreateUnnamed(s_small);
        using Subscriber first = topic.CreateSubscriber(new() { Overflow = overflow });
        using Subscriber second = topic.CreateSubscriber(new() { Overflow = overflow });
        using Publisher publisher = topic.CreatePublisher();
        for (int number = 0; number < 100; number++)
        {
            publisher.Publish(Bytes(number));
            Assert.Equal($"{number}", Take(first));
            Assert.Equal($"{number}", Copy(second));
        }
        Assert.False(first.TryReceive(out _));
        Assert.False(second.TryReceive(new byte[64], out _));
        Assert.Equal((100, 0L, 0L), (publisher.Published, first.Lost, second.Lost));
    }

    [Fact]
    public void A_loan_that_was_given_back_shows_no_later_sample()
    {
        using Topic topic = Topic.CreateUnnamed(s_small);
        using Subscriber subscriber = topic.CreateSubscriber();
        using Publisher publisher = topic.CreatePublisher();
        publisher.Publish(Bytes(1));
        TopicSample sample = subscriber.Receive();
        sample.Dispose();
        sample.Dispose();
        try
        {
            Assert.Fail($"It shows {sample.Span.Length} bytes.");
        }
        catch (InvalidOperationException error)
        {
            Assert.Contains("disposed", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Loan_is_the_memory_that_was_written()
    {
        using Topic topic = Topic.CreateUnnamed(s_small);
        using Subscriber subscriber = topic.CreateSubscriber();
        using Publisher publisher = topic.CreatePublisher();
        using TopicReservation reservation = publisher.Reserve(3);
        reservation.Span[2] = 42;
        Assert.False(subscriber.TryReceive(out _));
        reservation.Commit();
        using TopicSample sample = subscriber.Receive();
        Assert.True(reservation.Span.Overlaps(sample.Span));
        Assert.Equal((3, 42), (sample.Span.Length, sample.Span[2]));
    }

    [Fact]
    public void Reservation_that_is_not_committed_publishes_nothing()
    {
        using Topic topic = Topic.CreateUnnamed(s_small);
        using Subscriber subscriber = topic.CreateSubscriber();
        using Publisher publisher = topic.CreatePublisher();
        publisher.Reserve(5).Dispose();
        Assert.False(subscriber.TryReceive(out _));
        using (TopicReservation reservation = publisher.Reserve(5))
        {
            Assert.Throws<InvalidOperationException>(() => publisher.Publish(default));
            reservation.Span.Fill((byte)'x');
            reservation.Commit(2);
        }
        publisher.Publish(Bytes(7));
        Assert.Equal("xx", Take(subscriber));
        Assert.Equal("7", Take(subscriber));
    }

    [Fact]
    public void Reservation_is_committed_once()
    {
        using Topic topic = Topic.CreateUnnamed(s_small);
        using Publisher publisher = topic.CreatePublisher();
        TopicReservation reservation = publisher.Reserve(1);
        reservation.Commit();
        bool threw = false;
        try
        {
            reservation.Commit();
        }
        catch (InvalidOperationException)
        {
            threw = true;
        }
        Assert.True(threw);
        TopicReservation abandoned = publisher.Reserve(1);
        abandoned.Dispose();
        TopicReservation next = publisher.Reserve(1);
        reservation.Dispose();
        abandoned.Dispose();
        next.Commit();
        Assert.Equal(2, publisher.Published);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Slow_subscriber_loses_the_oldest_and_is_told_how_many(bool copies)
    {
        using Topic topic = Topic.CreateUnnamed(s_small);
        using Subscriber subscriber = topic.CreateSubscriber();
        using Publisher publisher = topic.CreatePublisher();
        long next = 0, lost = 0;
        for (int number = 0; number < 1000; number++)
        {
            publisher.Publish(Bytes(number));
            if (number % 97 == 0)
            {
                Drain();
            }
        }
        Drain();
        Assert.Equal(1000, next);
        Assert.Equal(lost, subscriber.Lost);
        Assert.InRange(lost, 1, 1000);

        void Drain()
        {
            int taken = 0;
            while (copies ? CopyNumber(subscriber, out TopicSampleInfo info) : TakeNumber(subscriber, out info))
            {
                Assert.Equal(next + info.Lost, info.Number);
                next = info.Number + 1;
                lost += info.Lost;
                taken++;
            }
            Assert.True(taken >= Math.Min(topic.Buffer, publisher.Published));
        }
    }

    [Fact]
    public void Subscriber_that_is_behind_by_its_buffer_loses_nothing()
    {
        using Topic topic = Topic.CreateUnnamed(s_small);
        using Subscriber subscriber = topic.CreateSubscriber();
        using Publisher publisher = topic.CreatePublisher();
        for (int round = 0; round < 50; round++)
        {
            for (int number = 0; number < topic.Buffer; number++)
            {
                publisher.Publish(Bytes(number));
            }
            for (int number = 0; number < topic.Buffer; number++)
            {
                Assert.Equal($"{number}", Take(subscriber));
            }
        }
        Assert.Equal(0, subscriber.Lost);
    }

    [Fact]
    public void Publisher_waits_for_a_subscriber_that_blocks_it()
    {
        using Topic topic = Topic.CreateUnnamed(s_small);
        using Subscriber subscriber = topic.CreateSubscriber(s_blocking);
        using Publisher publisher = topic.CreatePublisher();
        int published = 0;
        while (publisher.TryPublish(Bytes(published)))
        {
            published++;
        }
        Assert.Equal(topic.SlotsPerPublisher, published);
        Assert.False(publisher.TryPublish(Bytes(published), TimeSpan.FromMilliseconds(1)));
        Blocked blocked = Blocked.In(() => publisher.Publish(Bytes(published)));
        for (int number = 0; number < published; number++)
        {
            Assert.Equal($"{number}", Take(subscriber));
        }
        blocked.Join();
        Assert.Equal($"{published}", Take(subscriber));
        Assert.Equal(0, subscriber.Lost);
    }

    [Fact]
    public async Task Publisher_that_awaits_room_can_be_cancelled_and_goes_on_when_there_is_some()
    {
        using Topic topic = Topic.CreateUnnamed(s_small);
        using Subscriber subscriber = topic.CreateSubscriber(s_blocking);
        using Publisher publisher = topic.CreatePublisher();
        while (publisher.TryPublish(Bytes(1)))
        {
        }
        using CancellationTokenSource source = new();
        Task cancelled = publisher.PublishAsync(Bytes(2), source.Token).AsTask();
        Assert.Throws<InvalidOperationException>(() => publisher.TryPublish(Bytes(2)));
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.OrHang());
        long published = publisher.Published;
        Task awaited = publisher.PublishAsync(Bytes(3), TestContext.Current.CancellationToken).AsTask();
        Assert.False(awaited.IsCompleted);
        Assert.Equal("1", Take(subscriber));
        await awaited.OrHang();
        Assert.Equal(published + 1, publisher.Published);
    }

    [Theory]
    [InlineData(TopicOverflow.DropOldest)]
    [InlineData(TopicOverflow.Block)]
    public void Samples_on_loan_stay_as_they_are_while_others_are_published(TopicOverflow overflow)
    {
        using Topic topic = Topic.CreateUnnamed(s_small);
        using Subscriber subscriber = topic.CreateSubscriber(new() { Overflow = overflow });
        using Subscriber other = topic.CreateSubscriber(new() { Overflow = overflow });
        using Publisher publisher = topic.CreatePublisher();
        publisher.Publish("one"u8);
        publisher.Publish("two"u8);
        using TopicSample one = subscriber.Receive();
        using TopicSample two = subscriber.Receive();
        Assert.Throws<InvalidOperationException>(() => subscriber.TryReceive(out _));
        Assert.Equal("one", Take(other));
        Assert.Equal("two", Take(other));
        for (int number = 0; number < 500; number++)
        {
            publisher.Publish(Bytes(number));
            Assert.Equal($"{number}", Take(other));
            Assert.Equal($"{number}", Copy(subscriber));
        }
        Assert.True(one.Span.SequenceEqual("one"u8));
        Assert.True(two.Span.SequenceEqual("two"u8));
        Assert.Equal((0L, 0L), (subscriber.Lost, other.Lost));
    }

    [Fact]
    public void Loan_is_given_back_once()
    {
        using Topic topic = Topic.CreateUnnamed(s_small);
        using Subscriber subscriber = topic.CreateSubscriber();
        using Publisher publisher = topic.CreatePublisher();
        publisher.Publish("a"u8);
        publisher.Publish("b"u8);
        TopicSample first = subscriber.Receive();
        first.Dispose();
        using TopicSample second = subscriber.Receive();
        first.Dispose();
        Assert.Equal(1, topic.GetStatus().Subscribers[0].Loans);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(99)]
    public void Late_subscriber_begins_with_the_history_that_it_asks_for(int history)
    {
        using Topic topic = Topic.CreateUnnamed(s_small);
        using Publisher publisher = topic.CreatePublisher();
        for (int number = 0; number < 100; number++)
        {
            using Subscriber late = topic.CreateSubscriber(new() { History = history });
            for (int past = Math.Max(0, number - Math.Min(history, topic.History)); past < number; past++)
            {
                Assert.Equal($"{past}", Take(late));
            }
            Assert.False(late.TryReceive(out _));
            publisher.Publish(Bytes(number));
            Assert.Equal($"{number}", Take(late));
            Assert.Equal(0, late.Lost);
        }
    }

    [Fact]
    public void Next_publisher_goes_on_where_the_last_one_has_ended()
    {
        using Topic topic = Topic.CreateUnnamed(s_small with { MaxPublishers = 1 });
        using Subscriber subscriber = topic.CreateSubscriber();
        for (int number = 0; number < 200; number++)
        {
            using Publisher publisher = topic.CreatePublisher();
            Assert.Equal(number, publisher.Published);
            Assert.Throws<PosixException>(topic.CreatePublisher);
            publisher.Publish(Bytes(number));
            using (publisher.Reserve(1))
            {
            }
            Assert.Equal($"{number}", Take(subscriber));
        }
        Assert.Equal(0, subscriber.Lost);
    }

    [Fact]
    public void Samples_of_several_publishers_come_in_the_order_of_each()
    {
        using Topic topic = Topic.CreateUnnamed(s_small with { Buffer = 100 });
        using Subscriber subscriber = topic.CreateSubscriber(s_blocking);
        using Publisher zero = topic.CreatePublisher();
        using Publisher one = topic.CreatePublisher();
        long[] next = new long[2];
        for (int number = 0; number < 50; number++)
        {
            zero.Publish(Bytes(number));
            one.Publish(Bytes(number));
        }
        while (TakeNumber(subscriber, out TopicSampleInfo info))
        {
            Assert.Equal(next[info.Publisher]++, info.Number);
        }
        Assert.Equal([50, 50], next);
    }

    [Fact]
    public void Sample_larger_than_the_destination_is_received_again()
    {
        using Topic topic = Topic.CreateUnnamed(s_small);
        using Subscriber subscriber = topic.CreateSubscriber();
        using Publisher publisher = topic.CreatePublisher();
        publisher.Publish("hello"u8);
        Assert.Throws<ArgumentException>(() => subscriber.TryReceive(new byte[4], out _));
        Assert.Throws<ArgumentException>(() => subscriber.Receive(new byte[4]));
        Assert.Equal("hello", Copy(subscriber));
        Assert.Throws<ArgumentException>(() => publisher.Publish(new byte[65]));
        Assert.Throws<ArgumentOutOfRangeException>(() => publisher.Reserve(-1));
        publisher.Publish(default);
        Assert.Equal("", Copy(subscriber));
        publisher.Publish(new byte[64]);
        Assert.Equal(64, subscriber.Receive(new byte[64]).Length);
    }

    [Fact]
    public async Task Awaited_sample_comes_and_a_cancelled_wait_loses_nothing()
    {
        using Topic topic = Topic.CreateUnnamed(s_small);
        using Subscriber subscriber = topic.CreateSubscriber();
        using Publisher publisher = topic.CreatePublisher();
        byte[] buffer = new byte[64];
        using CancellationTokenSource source = new();
        Task cancelled = subscriber.ReceiveAsync(buffer, source.Token).AsTask();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.OrHang());
        Assert.False(await subscriber.TryWaitAsync(TimeSpan.FromMilliseconds(1), TestContext.Current.CancellationToken));
        Task<TopicSampleInfo> received = subscriber.ReceiveAsync(buffer, TestContext.Current.CancellationToken).AsTask();
        publisher.Publish("a"u8);
        await received.OrHang();
        Task waiting = subscriber.WaitAsync(TestContext.Current.CancellationToken).AsTask();
        publisher.Publish("b"u8);
        await waiting.OrHang();
        Assert.Equal("b", Take(subscriber));
        publisher.Publish("c"u8);
        await subscriber.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("c", Copy(subscriber));
    }

    [Fact]
    public async Task All_samples_come_as_they_are_published()
    {
        using Topic topic = Topic.CreateUnnamed(s_small);
        using Subscriber subscriber = topic.CreateSubscriber(s_blocking);
        using Publisher publisher = topic.CreatePublisher();
        Task publishing = Task.Run(async () =>
        {
            for (int number = 0; number < 500; number++)
            {
                await publisher.PublishAsync(Bytes(number));
            }
        });
        int next = 0;
        await foreach (ReadOnlyMemory<byte> sample in subscriber.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            Assert.Equal($"{next++}", Encoding.ASCII.GetString(sample.Span));
            if (next == 500)
            {
                break;
            }
        }
        await publishing.OrHang();
    }

    [Fact]
    public void Blocked_subscriber_is_woken_by_a_sample_and_by_its_deadline()
    {
        using Topic topic = Topic.CreateUnnamed(s_small);
        using Subscriber subscriber = topic.CreateSubscriber();
        using Publisher publisher = topic.CreatePublisher();
        Assert.False(subscriber.TryReceive(TimeSpan.FromMilliseconds(1), out _));
        Assert.False(subscriber.TryReceive(new byte[64], TimeSpan.FromMilliseconds(1), out _));
        Blocked blocked = Blocked.In(() => Assert.Equal("x", Take(subscriber, wait: true)));
        publisher.Publish("x"u8);
        blocked.Join();
    }

    [Fact]
    public void One_of_several_things_to_wait_for_is_a_sample()
    {
        using Topic topic = Topic.CreateUnnamed(s_small);
        using SharedEvent other = SharedEvent.CreateUnnamed(EventResetMode.AutoReset);
        using Subscriber subscriber = topic.CreateSubscriber();
        using Publisher publisher = topic.CreatePublisher();
        WaitSource[] sources = [other.ToWaitSource(), subscriber.ToWaitSource()];
        Blocked blocked = Blocked.In(() => Assert.Equal(1, WaitAny.Wait(sources)));
        publisher.Publish("x"u8);
        blocked.Join();
        Assert.Equal("x", Take(subscriber));
    }

    [Fact]
    public void Disposing_the_topic_ends_all_waits()
    {
        using Topic maker = Topic.CreateUnnamed(s_small);
        Topic topic = Topic.OpenUnnamed(maker.Share());
        Subscriber subscriber = topic.CreateSubscriber(s_blocking);
        Publisher publisher = topic.CreatePublisher();
        while (publisher.TryPublish(default))
        {
        }
        Subscriber idle = topic.CreateSubscriber();
        Blocked publishing = Blocked.In(() => Assert.Throws<ObjectDisposedException>(() => publisher.Publish(default)));
        Blocked receiving = Blocked.In(() => Assert.Throws<ObjectDisposedException>(() => idle.Receive(new byte[64])));
        topic.Dispose();
        publishing.Join();
        receiving.Join();
        Assert.Throws<ObjectDisposedException>(() => subscriber.TryReceive(out _));
        Assert.Throws<ObjectDisposedException>(() => topic.CreatePublisher());
        publisher.Dispose();
        subscriber.Dispose();
        idle.Dispose();
        Assert.Empty(maker.GetStatus().Subscribers);
        Assert.All(maker.GetStatus().Publishers, ring => Assert.Null(ring.Slot));
    }

    private static byte[] Bytes(int number) => Encoding.ASCII.GetBytes($"{number}");

    private static string Take(Subscriber subscriber, bool wait = false)
    {
        if (wait)
        {
            using TopicSample waited = subscriber.Receive();
            return Encoding.ASCII.GetString(waited.Span);
        }
        Assert.True(subscriber.TryReceive(out TopicSample sample));
        using (sample)
        {
            return Encoding.ASCII.GetString(sample.Span);
        }
    }

    private static string Copy(Subscriber subscriber)
    {
        byte[] buffer = new byte[64];
        Assert.True(subscriber.TryReceive(buffer, out TopicSampleInfo info));
        return Encoding.ASCII.GetString(buffer, 0, info.Length);
    }

    private static bool TakeNumber(Subscriber subscriber, out TopicSampleInfo info)
    {
        bool taken = subscriber.TryReceive(out TopicSample sample);
        info = sample.Info;
        if (taken)
        {
            Assert.Equal($"{info.Number}", Encoding.ASCII.GetString(sample.Span));
            sample.Dispose();
        }
        return taken;
    }

    private static bool CopyNumber(Subscriber subscriber, out TopicSampleInfo info)
    {
        byte[] buffer = new byte[64];
        bool taken = subscriber.TryReceive(buffer, out info);
        Assert.True(!taken || Encoding.ASCII.GetString(buffer, 0, info.Length) == $"{info.Number}");
        return taken;
    }
}

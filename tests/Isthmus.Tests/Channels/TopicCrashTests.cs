using System.Buffers.Binary;
using System.Text;
using Isthmus.Tests.Harness;
using Isthmus.Tests.Segments;

namespace Isthmus.Tests.Channels;

public sealed class TopicCrashTests
{
    private static readonly TopicOptions s_small = new()
    {
        MaxSampleSize = 64,
        MaxPublishers = 1,
        MaxSubscribers = 2,
        Buffer = 4,
        MaxLoans = 2,
        History = 4,
        MaxParticipants = 4,
    };

    [Fact]
    public async Task Sample_that_a_killed_publisher_was_writing_was_never_there_and_the_next_goes_on()
    {
        using TemporaryName name = new();
        using Topic topic = Topic.Create(name, s_small);
        using Subscriber subscriber = topic.CreateSubscriber();
        for (int round = 0; round < 3; round++)
        {
            using Child child = Child.Start(PublishThreeAndReserve, name);
            Assert.Equal("reserved", child.ReadLine());
            child.Kill();
            for (int number = 0; number < 3; number++)
            {
                using TopicSample sample = subscriber.Receive();
                Assert.Equal(((byte)number, (3L * round) + number, 0L), (sample.Span[0], sample.Info.Number, sample.Lost));
            }
            Assert.False(subscriber.TryReceive(out _));
            Publisher? next = null;
            await Eventually.IsTrue(() => TryPublisher(topic, out next));
            Assert.Equal(3 * (round + 1), next!.Published);
            next.Dispose();
            topic.Segment.AwaitVacant(1);
        }
        Assert.True(topic.Segment.SlotsInUse <= 2, "A dead participant's slot is taken again.");
    }

    [Fact]
    public void Samples_stay_for_those_who_come_after_their_publisher_died()
    {
        using TemporaryName name = new();
        using Topic topic = Topic.Create(name, s_small);
        using (Child child = Child.Start(PublishThreeAndReserve, name))
        {
            Assert.Equal("reserved", child.ReadLine());
            child.Kill();
        }
        using Subscriber late = topic.CreateSubscriber(new() { History = 2 });
        for (int number = 1; number < 3; number++)
        {
            using TopicSample sample = late.Receive();
            Assert.Equal(((byte)number, (long)number), (sample.Span[0], sample.Info.Number));
        }
        Assert.False(late.TryReceive(out _));
    }

    [Fact]
    public async Task Publishers_that_wait_for_a_killed_subscriber_go_on()
    {
        using TemporaryName name = new();
        using Topic topic = Topic.Create(name, s_small);
        using Publisher publisher = topic.CreatePublisher();
        for (int round = 0; round < 3; round++)
        {
            using Child child = Child.Start(Subscribe, name, $"{TopicOverflow.Block}", "1");
            Assert.Equal("subscribed", child.ReadLine());
            publisher.Publish([1]);
            Assert.Equal("1", child.ReadLine());
            while (publisher.TryPublish([2]))
            {
            }
            if (round == 1)
            {
                Task awaited = publisher.PublishAsync(new byte[1]).AsTask();
                child.Kill();
                await awaited.OrHang();
                continue;
            }
            Blocked blocked = Blocked.In(() => publisher.Publish([3]));
            child.Kill();
            blocked.Join();
        }
        await Eventually.IsTrue(() => topic.GetStatus().Subscribers.Count == 0);
    }

    [Theory]
    [InlineData(TopicOverflow.DropOldest)]
    [InlineData(TopicOverflow.Block)]
    public async Task What_a_killed_subscriber_had_on_loan_is_used_again(TopicOverflow overflow)
    {
        using TemporaryName name = new();
        using Topic topic = Topic.Create(name, s_small);
        using Publisher publisher = topic.CreatePublisher();
        using (Child child = Child.Start(Subscribe, name, $"{overflow}", "2"))
        {
            Assert.Equal("subscribed", child.ReadLine());
            publisher.Publish([1]);
            publisher.Publish([2]);
            Assert.Equal("1", child.ReadLine());
            Assert.Equal("2", child.ReadLine());
            TopicSubscriberStatus seen = Assert.Single(Topic.GetStatus(name).Subscribers);
            Assert.Equal((overflow, 2), (seen.Overflow, seen.Loans));
            child.Kill();
        }
        await Eventually.IsTrue(() => topic.GetStatus().Subscribers.Count == 0);
        using Subscriber subscriber = topic.CreateSubscriber(new() { Overflow = TopicOverflow.Block });
        int published = 0;
        while (publisher.TryPublish([3]))
        {
            published++;
        }
        Assert.Equal(topic.SlotsPerPublisher, published);
    }

    [Theory]
    [InlineData(TopicOverflow.DropOldest, false)]
    [InlineData(TopicOverflow.DropOldest, true)]
    [InlineData(TopicOverflow.Block, false)]
    [InlineData(TopicOverflow.Block, true)]
    public void Each_sample_of_another_process_is_received_whole_or_counted_as_lost(TopicOverflow overflow, bool copies)
    {
        const int Samples = 50_000;
        using TemporaryName name = new();
        using Topic topic = Topic.Create(name, s_small);
        using Subscriber subscriber = topic.CreateSubscriber(new() { Overflow = overflow });
        using Child child = Child.Start(PublishMany, name, $"{Samples}");
        long next = 0, lost = 0;
        byte[] buffer = new byte[64];
        while (next < Samples)
        {
            TopicSampleInfo info;
            if (copies)
            {
                info = subscriber.Receive(buffer);
                CheckSample(buffer.AsSpan(0, info.Length), info.Number);
            }
            else
            {
                using TopicSample sample = subscriber.Receive();
                info = sample.Info;
                CheckSample(sample.Span, info.Number);
            }
            Assert.Equal(next + info.Lost, info.Number);
            next = info.Number + 1;
            lost += info.Lost;
        }
        Assert.Equal(lost, subscriber.Lost);
        Assert.True(overflow == TopicOverflow.DropOldest || lost == 0);
        Assert.Equal("done", child.ReadLine());
    }

    [Fact]
    public async Task Awaited_sample_of_another_process_comes()
    {
        using TemporaryName name = new();
        using Topic topic = Topic.Create(name, s_small);
        using Subscriber subscriber = topic.CreateSubscriber();
        using Child child = Child.Start(Echo, name);
        Assert.Equal("ready", child.ReadLine());
        byte[] buffer = new byte[64];
        for (int round = 0; round < 100; round++)
        {
            Task<TopicSampleInfo> received = subscriber.ReceiveAsync(buffer, TestContext.Current.CancellationToken).AsTask();
            child.WriteLine($"{round}");
            TopicSampleInfo info = await received.OrHang();
            Assert.Equal($"{round}", Encoding.ASCII.GetString(buffer, 0, info.Length));
        }
    }

    private static bool TryPublisher(Topic topic, out Publisher? publisher)
    {
        try
        {
            publisher = topic.CreatePublisher();
            return true;
        }
        catch (Exception error) when (error is InvalidOperationException or PosixException { Errno: Errno.EUSERS })
        {
            publisher = null;
            return false;
        }
    }

    private static void PublishThreeAndReserve(string[] args)
    {
        using Topic topic = Topic.Open(args[0]);
        Publisher publisher;
        while (!TryPublisher(topic, out publisher!))
        {
        }
        for (byte number = 0; number < 3; number++)
        {
            publisher.Publish([number]);
        }
        publisher.Reserve(64).Span.Fill(0xFF);
        Console.WriteLine("reserved");
        Console.ReadLine();
    }

    private static void Subscribe(string[] args)
    {
        using Topic topic = Topic.Open(args[0]);
        Subscriber subscriber = topic.CreateSubscriber(new() { Overflow = Enum.Parse<TopicOverflow>(args[1]) });
        Console.WriteLine("subscribed");
        for (int loan = int.Parse(args[2]); loan > 0; loan--)
        {
            // Never given back.
            Console.WriteLine($"{subscriber.Receive().Span[0]}");
        }
        Console.ReadLine();
    }

    private static void PublishMany(string[] args)
    {
        using Topic topic = Topic.Open(args[0]);
        using Publisher publisher = topic.CreatePublisher();
        for (long number = 0; number < long.Parse(args[1]); number++)
        {
            using TopicReservation reservation = publisher.Reserve(8 + (int)(number % 57));
            BinaryPrimitives.WriteInt64LittleEndian(reservation.Span, number);
            reservation.Span[8..].Fill((byte)number);
            reservation.Commit();
        }
        Console.WriteLine("done");
    }

    private static void CheckSample(ReadOnlySpan<byte> sample, long number)
    {
        Assert.Equal(number, BinaryPrimitives.ReadInt64LittleEndian(sample));
        Assert.Equal(8 + (number % 57), sample.Length);
        Assert.False(sample[8..].ContainsAnyExcept((byte)number));
    }

    private static void Echo(string[] args)
    {
        using Topic topic = Topic.Open(args[0]);
        using Publisher publisher = topic.CreatePublisher();
        Console.WriteLine("ready");
        while (Console.ReadLine() is { } line)
        {
            publisher.Publish(Encoding.ASCII.GetBytes(line));
        }
    }
}

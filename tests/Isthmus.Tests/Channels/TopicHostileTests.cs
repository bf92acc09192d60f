using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Channels;

/// <summary>Somebody who may write the memory writes garbage there: the others get a documented error, or go on, and nothing else happens to them.</summary>
public sealed class TopicHostileTests
{
    private static readonly TopicOptions s_small = new()
    {
        MaxSampleSize = 48,
        MaxPublishers = 2,
        MaxSubscribers = 2,
        Buffer = 2,
        MaxLoans = 1,
        History = 2,
        MaxParticipants = 3,
    };

    [Fact]
    public void Garbage_at_rest_is_an_error_or_does_no_harm()
    {
        int errors = 0;
        for (int seed = 0; seed < 400; seed++)
        {
            Random random = new(seed);
            using Topic topic = Topic.CreateUnnamed(s_small);
            using Topic other = Topic.OpenUnnamed(topic.Share());
            using Publisher publisher = topic.CreatePublisher();
            using Subscriber blocking = topic.CreateSubscriber(new() { Overflow = TopicOverflow.Block });
            using Subscriber subscriber = topic.CreateSubscriber();
            Use(topic, publisher, blocking, subscriber, random);
            for (int count = random.Next(1, 8); count > 0; count--)
            {
                Scribble(other, random);
            }
            errors += Use(topic, publisher, blocking, subscriber, random);
        }
        Assert.InRange(errors, 1, int.MaxValue);
    }

    [Fact]
    public async Task Garbage_while_it_is_used_is_an_error_or_does_no_harm()
    {
        using Topic topic = Topic.CreateUnnamed(s_small);
        using Topic other = Topic.OpenUnnamed(topic.Share());
        using CancellationTokenSource stop = new();
        Task scribbling = Task.Run(() =>
        {
            Random random = new(1);
            while (!stop.IsCancellationRequested)
            {
                Scribble(other, random);
            }
        });
        Random random = new(2);
        for (int round = 0; round < 100; round++)
        {
            Attempt(() =>
            {
                using Publisher publisher = topic.CreatePublisher();
                using Subscriber blocking = topic.CreateSubscriber(new() { Overflow = TopicOverflow.Block, History = 2 });
                using Subscriber subscriber = topic.CreateSubscriber();
                Use(topic, publisher, blocking, subscriber, random);
            });
        }
        await stop.CancelAsync();
        await scribbling.OrHang();
    }

    [Theory]
    [InlineData(0, 0UL)]
    [InlineData(1, 65UL)]
    [InlineData(2, 0UL)]
    [InlineData(3, 1000UL)]
    [InlineData(4, 0UL)]
    [InlineData(5, ulong.MaxValue)]
    [InlineData(0, 1UL << 30)]
    public void Setup_that_nobody_makes_is_refused(int word, ulong value)
    {
        using Topic topic = Topic.CreateUnnamed(s_small);
        ulong[] config = topic.Setup.ToConfig();
        config[word] = value;
        Assert.False(TopicSetup.TryRead(index => index < config.Length ? config[index] : 0, topic.Segment.DataSize, out _));
    }

    private static int Use(Topic topic, Publisher publisher, Subscriber blocking, Subscriber subscriber, Random random)
    {
        TimeSpan moment = TimeSpan.FromMilliseconds(1);
        byte[] buffer = new byte[48];
        int errors = 0;
        for (int round = 0; round < 20; round++)
        {
            errors += Attempt(() => publisher.TryPublish(buffer.AsSpan(0, random.Next(48)), moment));
            errors += Attempt(() => subscriber.TryReceive(buffer, moment, out _));
            errors += Attempt(() =>
            {
                if (blocking.TryReceive(out TopicSample sample))
                {
                    sample.Span.CopyTo(buffer);
                    sample.Dispose();
                }
            });
        }
        return errors + Attempt(() => topic.GetStatus()) + Attempt(() => topic.CreateSubscriber().Dispose()) + Attempt(() => topic.CreatePublisher().Dispose());
    }

    // Whatever is neither of the errors of the documentation fails the test.
    private static int Attempt(Action action)
    {
        try
        {
            action();
            return 0;
        }
        catch (Exception error) when (error is InvalidDataException or InvalidOperationException or PosixException)
        {
            return 1;
        }
    }

    private static void Scribble(Topic topic, Random random)
    {
        int first = topic.Segment.DataWord(0);
        int words = (int)(topic.Setup.DataSize / sizeof(ulong));
        int word = random.Next(8) == 0 ? random.Next(3) * StateLayout.WordsPerLine : first + random.Next(words);
        ulong seen = topic.Segment.Memory.Load(word);
        topic.Segment.Memory.Store(word, random.Next(4) switch
        {
            0 => (ulong)random.NextInt64(long.MinValue, long.MaxValue),
            1 => seen ^ (1UL << random.Next(64)),
            2 => seen + (ulong)random.Next(-8, 8),
            _ => (ulong)random.Next(8),
        });
    }
}

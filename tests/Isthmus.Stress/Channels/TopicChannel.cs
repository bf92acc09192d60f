using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Stress.Channels;

internal sealed class TopicChannel : ChannelSubject
{
    private const int Uses = 12;

    private static readonly TopicOptions s_options = new()
    {
        MaxParticipants = Participants,
        MaxPublishers = 2,
        MaxSubscribers = 2,
        MaxSampleSize = 64,
        Buffer = 8,
        History = 4,
    };

    public override string Name => "topic";

    public override byte[] MakeImage()
    {
        using Topic topic = Topic.CreateUnnamed(s_options);
        using Publisher one = topic.CreatePublisher(), two = topic.CreatePublisher();
        using Subscriber first = topic.CreateSubscriber(), second = topic.CreateSubscriber(new() { History = 2 });
        byte[] sample = new byte[64];
        for (int number = 0; number < 50; number++)
        {
            one.Publish(sample.AsSpan(0, number % 60));
            two.Publish(sample);
            if (number % 4 == 0)
            {
                first.TryReceive(sample, out _);
            }
        }
        bool hasLoan = second.TryReceive(out TopicSample loan);
        using SafeFileHandle memory = topic.Share();
        byte[] image = Copy(memory);
        if (hasLoan)
        {
            loan.Dispose();
        }
        return image;
    }

    public override void Use(SafeHandle memory, TimeSpan patience)
    {
        Span<byte> buffer = stackalloc byte[1024];
        using Topic topic = Topic.OpenUnnamed(memory);
        _ = topic.GetStatus();
        using Subscriber subscriber = topic.CreateSubscriber();
        using Publisher publisher = topic.CreatePublisher();
        for (int use = 0; use < Uses; use++)
        {
            publisher.TryPublish(buffer[..Math.Min(use, topic.MaxSampleSize)], patience);
            if (publisher.TryReserve(1, out TopicReservation place))
            {
                place.Dispose();
            }
            subscriber.TryReceive(buffer, out _);
            if (subscriber.TryReceive(patience, out TopicSample sample))
            {
                sample.Span[..Math.Min(sample.Span.Length, buffer.Length)].CopyTo(buffer);
                sample.Dispose();
            }
        }
    }

    public override long Live(long messages, string directory)
    {
        using Topic topic = Topic.Create(LiveName, s_options with { Directory = directory });
        using Topic other = Topic.Open(LiveName, new SharedObjectOptions { Directory = directory });
        Topic.Unlink(LiveName, directory);
        using Publisher publisher = topic.CreatePublisher();
        using Subscriber subscriber = other.CreateSubscriber();
        Span<byte> sent = stackalloc byte[8], received = stackalloc byte[8];
        long good = 0;
        for (long number = 0; number < messages; number++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(sent, number);
            publisher.Publish(sent);
            subscriber.Receive(received);
            good += BinaryPrimitives.ReadInt64LittleEndian(received) == number ? 1 : 0;
        }
        return good;
    }
}

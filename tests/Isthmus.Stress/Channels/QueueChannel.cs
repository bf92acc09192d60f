using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Stress.Channels;

/// <param name="claims">Whether several may receive, and acknowledge.</param>
internal sealed class QueueChannel(bool claims) : ChannelSubject
{
    private const int Uses = 12;

    public override string Name => claims ? "queue, acknowledged" : "queue";

    private SharedQueueOptions Options => new()
    {
        MaxParticipants = Participants,
        MaxProducers = 2,
        MaxConsumers = claims ? 2 : 1,
        LaneCapacity = 4096,
        Priorities = 2,
        Acknowledge = claims,
    };

    public override byte[] MakeImage()
    {
        using SharedQueue queue = SharedQueue.CreateUnnamed(Options);
        using QueueProducer one = queue.CreateProducer(), two = queue.CreateProducer();
        using QueueConsumer consumer = queue.CreateConsumer();
        byte[] message = new byte[200];
        for (int number = 0; number < 30; number++)
        {
            one.Send(message.AsSpan(0, number * 7 % 200), number % 2);
            two.TrySend(message);
            if (number % 3 == 0 && consumer.TryReceive(out QueueLoan taken))
            {
                taken.Dispose();
            }
        }
        bool hasLoan = consumer.TryReceive(out QueueLoan loan);
        using SafeFileHandle memory = queue.Share();
        byte[] image = Copy(memory);
        if (hasLoan)
        {
            loan.Dispose();
        }
        return image;
    }

    public override void Use(SafeHandle memory, TimeSpan patience)
    {
        Span<byte> buffer = stackalloc byte[2048];
        using SharedQueue queue = SharedQueue.OpenUnnamed(memory);
        using QueueConsumer consumer = queue.CreateConsumer();
        using QueueProducer producer = queue.CreateProducer();
        for (int use = 0; use < Uses; use++)
        {
            producer.TrySend(buffer[..(use * 60)], patience, use % queue.Priorities);
            QueueReservation place = producer.TryReserve(100);
            if (place.Outcome == QueueSendOutcome.Sent)
            {
                place.Span.Fill(1);
                place.Commit();
            }
            place.Dispose();
            consumer.TryReceive(buffer, out _);
            if (consumer.TryReceive(patience, out QueueLoan loan) == QueueReceiveOutcome.Received)
            {
                loan.Span[..Math.Min(loan.Span.Length, buffer.Length)].CopyTo(buffer);
                loan.Dispose();
            }
        }
        queue.Complete();
    }

    public override long Live(long messages, string directory)
    {
        using SharedQueue queue = SharedQueue.Create(LiveName, Options with { Directory = directory });
        using SharedQueue other = SharedQueue.Open(LiveName, new SharedObjectOptions { Directory = directory });
        SharedQueue.Unlink(LiveName, directory);
        using QueueProducer producer = queue.CreateProducer();
        using QueueConsumer consumer = other.CreateConsumer();
        Span<byte> sent = stackalloc byte[8], received = stackalloc byte[8];
        long good = 0;
        for (long number = 0; number < messages; number++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(sent, number);
            producer.Send(sent);
            consumer.Receive(received);
            good += BinaryPrimitives.ReadInt64LittleEndian(received) == number ? 1 : 0;
        }
        return good;
    }
}

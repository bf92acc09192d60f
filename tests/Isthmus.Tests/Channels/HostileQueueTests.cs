using System.Runtime.InteropServices;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Channels;

/// <summary>Whatever somebody writes into a queue's memory: what one does with it ends, with a result or a documented error.</summary>
public sealed class HostileQueueTests : IDisposable
{
    private const int Rounds = 60;
    private const int Writes = 40;

    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(1);

    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string> Kinds => [.. QueueKinds.All.Keys];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Garbage_at_rest_is_an_error_or_does_no_harm(string kind)
    {
        SharedQueueOptions options = QueueKinds.All[kind] with { Directory = _directory.Root, MaxParticipants = 3, MaxProducers = 2 };
        byte[] whole = Filled(options);
        Random random = new(kind.Length);
        for (int round = 0; round < Rounds; round++)
        {
            byte[] bytes = [.. whole];
            Spoil(bytes, random, options);
            File.WriteAllBytes(_directory["x"], bytes);
            Guard(() =>
            {
                using SharedQueue queue = SharedQueue.Open("x", options);
                Use(queue);
            });
            Guard(() => SharedQueue.GetStatus("x", options));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Garbage_that_is_written_meanwhile_is_an_error_or_does_no_harm(string kind)
    {
        SharedQueueOptions options = QueueKinds.All[kind] with { Directory = _directory.Root, MaxParticipants = 3, MaxProducers = 2 };
        SharedQueue.Create("x", options).Dispose();
        using MappedFile file = MappedFile.Open(_directory["x"]);
        using CancellationTokenSource ends = new();
        Thread scribbler = new(() =>
        {
            Random random = new(1);
            while (!ends.IsCancellationRequested)
            {
                for (int i = 0; i < 1000; i++)
                {
                    SpoilOne(file.Span, random, options);
                }
                Thread.Yield();
            }
        });
        scribbler.IsBackground = true;
        scribbler.Start();
        try
        {
            for (int round = 0; round < 15; round++)
            {
                Guard(() =>
                {
                    using SharedQueue queue = SharedQueue.Open("x", options);
                    Use(queue);
                });
            }
        }
        finally
        {
            ends.Cancel();
            scribbler.Join();
        }
    }

    private byte[] Filled(SharedQueueOptions options)
    {
        using SharedQueue queue = SharedQueue.Create("x", options);
        using QueueProducer producer = queue.CreateProducer();
        using QueueConsumer consumer = queue.CreateConsumer();
        for (int i = 0; i < 60; i++)
        {
            producer.Send(SharedQueueTests.Message(i));
            if (i % 3 != 0 && consumer.TryReceive(out QueueLoan loan))
            {
                loan.Acknowledge();
            }
        }
        return File.ReadAllBytes(_directory["x"]);
    }

    // Not the roster, and not the setup, which other tests spoil: the state's shared lines, the control lines, and the rings.
    private static void Spoil(Span<byte> bytes, Random random, SharedQueueOptions options)
    {
        for (int i = 0; i < Writes; i++)
        {
            SpoilOne(bytes, random, options);
        }
    }

    private static void SpoilOne(Span<byte> bytes, Random random, SharedQueueOptions options)
    {
        int state = SegmentLayout.State(options.MaxParticipants), data = (int)SegmentLayout.ControlSize(options.MaxParticipants);
        int control = QueueShape.ControlSize(options.MaxProducers, options.Priorities, options.MaxConsumers);
        int word = random.Next(4) switch
        {
            0 => (state / 8) + random.Next(4),
            1 => (data / 8) + random.Next(control / 8),
            _ => (data / 8) + random.Next((control / 8) + (options.LaneCapacity / 4)),
        };
        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        ulong old = words[word];
        words[word] = random.Next(6) switch
        {
            0 => 0,
            1 => ulong.MaxValue,
            2 => (ulong)random.NextInt64(),
            3 => old ^ (1UL << random.Next(64)),
            4 => old + (ulong)random.Next(1, 64),
            _ => QueueHeader.Of((QueueRecordState)random.Next(8), (ulong)random.Next(4096) & ~7UL, random.Next(8192)),
        };
    }

    private static void Use(SharedQueue queue)
    {
        byte[] buffer = new byte[64 * 1024];
        Guard(() =>
        {
            using QueueConsumer consumer = queue.CreateConsumer();
            for (int i = 0; i < 100 && consumer.TryReceive(s_moment, out QueueLoan loan) == QueueReceiveOutcome.Received; i++)
            {
                loan.Span.CopyTo(buffer);
                if (i % 2 == 0)
                {
                    loan.Acknowledge();
                }
                loan.Dispose();
            }
            if (consumer.TryReceiveBatch(out QueueBatch batch, 100))
            {
                while (batch.TryNext(out ReadOnlySpan<byte> message))
                {
                    message.CopyTo(buffer);
                }
                batch.Acknowledge();
            }
        });
        Guard(() =>
        {
            using QueueProducer producer = queue.CreateProducer();
            for (int i = 0; i < 100; i++)
            {
                producer.TrySend(SharedQueueTests.Message(i), s_moment);
            }
            producer.TrySendBatch(buffer.AsSpan(0, 800), 8, out _);
        });
        Guard(() => queue.GetStatus());
        Guard(queue.Complete);
    }

    private static void Guard(Action use)
    {
        try
        {
            use();
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            // As documented: it is damaged; or all places are taken.
        }
    }
}

using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>A process's side of the suite <c>scaling</c>.</summary>
internal static class ScaleRole
{
    private const int Size = ScalingSuite.Size;
    private const int HeaderBytes = sizeof(long);

    // Each receiver writes its own count only, in a line of its own.
    private const int LineBytes = 128;

    // A look at the clock takes as long as a message does: only so many of them are worth one.
    private const int StampPeriod = 16;

    private static readonly TimeSpan s_lost = TimeSpan.FromSeconds(10);

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.AddRole(ScaledOrder.Verb, (peer, order) =>
    {
        ScaledOrder work = ScaledOrder.Parse(order);
        int index = order.Int(5);
        bool sends = index < work.Shape.Senders;
        ScaledChannel channel = (ScaledChannel)BenchCatalog.Scaled.Single(each => each.Name == work.Channel && each is ScaledChannel);
        using AnonymousMemory counts = AnonymousMemory.FromHandle(order.Handles[0]);
        using Connection connection = channel.Join([.. order.Handles.Skip(1)], sends);
        // Two processes have a CPU each; of more than there are CPUs the scheduler takes care.
        Placement.Pin(work.Shape.Processes > 2 ? Placement.Anywhere : sends ? Placement.First : Placement.Second);
        if (sends)
        {
            Send(peer, connection, work, index);
        }
        else
        {
            Receive(peer, connection, work, counts, index - work.Shape.Senders, work.Expected(channel.IsBroadcast));
        }
    });

    private static void Send(PeerProgram peer, Connection connection, ScaledOrder work, int index)
    {
        Messages messages = new(Size, work.Seed);
        for (int i = 0; i < work.CountEach; i++)
        {
            Span<byte> message = peer.Ring.AsSpan(i * Size, Size);
            messages.SpanAt(i).CopyTo(message);
            BinaryPrimitives.WriteInt64LittleEndian(message, ScaledOrder.Name(index, i));
        }
        peer.Answer();
        peer.Take(ScaledOrder.Go);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < work.CountEach; i++)
        {
            connection.Send(peer.Ring.AsSpan(i * Size, Size));
        }
        peer.Answer(start);
    }

    // Answers twice: ready, and done with the time of the last receipt, how many came, the wrong ones, and the sum of their names.
    private static void Receive(PeerProgram peer, Connection connection, ScaledOrder work, AnonymousMemory counts, int index, long expected)
    {
        peer.Answer();
        peer.Take(ScaledOrder.Go);
        int received = 0;
        long end = Stopwatch.GetTimestamp();
        long idle = end;
        do
        {
            while (connection.TryReceive(peer.Ring.AsSpan(received * Size, Size)))
            {
                received++;
                CountOf(counts, index) = received;
                if (received % StampPeriod == 0 || received == expected)
                {
                    end = Stopwatch.GetTimestamp();
                }
                idle = 0;
            }
            idle = idle == 0 ? Stopwatch.GetTimestamp() : idle;
        }
        while (Sum(counts, work.Shape.Receivers) < expected && Stopwatch.GetElapsedTime(idle) < s_lost);
        (long wrong, long sum) = Check(peer.Ring.AsSpan(0, received * Size), new Messages(Size, work.Seed), work);
        peer.Answer(end, received, wrong, sum);
    }

    private static ref long CountOf(AnonymousMemory counts, int receiver) => ref counts.AsSpan<long>(receiver * LineBytes, 1)[0];

    private static long Sum(AnonymousMemory counts, int receivers)
    {
        long sum = 0;
        for (int i = 0; i < receivers; i++)
        {
            sum += Volatile.Read(ref CountOf(counts, i));
        }
        return sum;
    }

    // Wrong is a message with another byte than was sent, or one that came after a later one of its sender.
    private static (long Wrong, long Sum) Check(ReadOnlySpan<byte> ring, Messages messages, ScaledOrder work)
    {
        long wrong = 0;
        long sum = 0;
        int[] last = [.. Enumerable.Repeat(-1, work.Shape.Senders)];
        for (; !ring.IsEmpty; ring = ring[Size..])
        {
            long name = BinaryPrimitives.ReadInt64LittleEndian(ring);
            int sender = (int)(name >> 32) - 1;
            int number = (int)name - 1;
            sum += name;
            bool right = (uint)sender < (uint)work.Shape.Senders && (uint)number < (uint)work.CountEach && number > last[sender]
                && ring[HeaderBytes..Size].SequenceEqual(messages.SpanAt(number)[HeaderBytes..]);
            wrong += right ? 0 : 1;
            if (right)
            {
                last[sender] = number;
            }
        }
        return (wrong, sum);
    }
}

using System.Diagnostics;

namespace Isthmus.Cli.Bench;

/// <summary>The timed loops of both processes: nothing in them but the clock and the mechanism, and nothing allocates.</summary>
internal static class PingPong
{
    /// <summary>Sends and awaits each message; all that came back is in <paramref name="ring"/>, the times are in <paramref name="ticks"/>.</summary>
    public static void Run(Connection connection, Messages messages, Span<byte> ring, Span<long> ticks)
    {
        int size = messages.Size;
        for (int i = 0; i < ticks.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            connection.Exchange(messages.SpanAt(i), ring.Slice(i * size, size));
            ticks[i] = Stopwatch.GetTimestamp() - start;
        }
    }

    /// <summary>The same from one message to another, without looking at the clock.</summary>
    public static void Run(Connection connection, Messages messages, Span<byte> ring, int from, int to)
    {
        int size = messages.Size;
        for (int i = from; i < to; i++)
        {
            connection.Exchange(messages.SpanAt(i), ring.Slice(i * size, size));
        }
    }

    public static async Task RunAsync(Connection connection, Messages messages, Memory<byte> ring, Memory<long> ticks)
    {
        int size = messages.Size;
        for (int i = 0; i < ticks.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await connection.ExchangeAsync(messages.At(i), ring.Slice(i * size, size));
            ticks.Span[i] = Stopwatch.GetTimestamp() - start;
        }
    }

    public static void Echo(Connection connection, Span<byte> message, int count)
    {
        for (int i = 0; i < count; i++)
        {
            connection.Receive(message);
            connection.Send(message);
        }
    }

    public static async Task EchoAsync(Connection connection, Memory<byte> message, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await connection.ReceiveAsync(message);
            await connection.SendAsync(message);
        }
    }

    public static void Send(Connection connection, Messages messages, int count)
    {
        for (int i = 0; i < count; i++)
        {
            connection.Send(messages.SpanAt(i));
        }
    }

    public static async Task SendAsync(Connection connection, Messages messages, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await connection.SendAsync(messages.At(i));
        }
    }

    /// <summary>Sends so many messages in batches; the last may be a part of one.</summary>
    public static void SendBatches(Connection connection, ReadOnlySpan<byte> batch, int size, int count)
    {
        for (long left = (long)count * size; left > 0; left -= batch.Length)
        {
            connection.SendMany(batch[..(int)Math.Min(left, batch.Length)], size);
        }
    }

    public static void Receive(Connection connection, Span<byte> ring, int size, int count)
    {
        if (connection.Batches)
        {
            connection.ReceiveMany(ring[..(count * size)], size);
            return;
        }
        for (int i = 0; i < count; i++)
        {
            connection.Receive(ring.Slice(i * size, size));
        }
    }

    public static async Task ReceiveAsync(Connection connection, Memory<byte> ring, int size, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await connection.ReceiveAsync(ring.Slice(i * size, size));
        }
    }
}

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
            connection.Send(messages.SpanAt(i));
            connection.Receive(ring.Slice(i * size, size));
            ticks[i] = Stopwatch.GetTimestamp() - start;
        }
    }

    public static async Task RunAsync(Connection connection, Messages messages, Memory<byte> ring, Memory<long> ticks)
    {
        int size = messages.Size;
        for (int i = 0; i < ticks.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await connection.SendAsync(messages.At(i));
            await connection.ReceiveAsync(ring.Slice(i * size, size));
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

    public static void Receive(Connection connection, Span<byte> ring, int size, int count)
    {
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

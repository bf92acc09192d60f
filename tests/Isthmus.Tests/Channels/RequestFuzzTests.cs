using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Channels;

/// <summary>
/// Places for requests whose memory was changed at random, anywhere, are opened and used: they are refused, end with an outcome or a documented error,
/// or work. Some in each test run, as many as asked for by <c>ISTHMUS_MUTATIONS</c>.
/// </summary>
public sealed class RequestFuzzTests
{
    private const int CountDefault = 1000;

    private static readonly int s_count = int.TryParse(
        Environment.GetEnvironmentVariable("ISTHMUS_MUTATIONS"), NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : CountDefault;

    private static readonly RequestOptions s_options = new() { MaxParticipants = 4, MaxCalls = 2, MaxRequest = 200, MaxReply = 100 };

    private readonly byte[] _buffer = new byte[200];

    [Fact]
    public void A_mutated_place_is_refused_or_harmless()
    {
        using RequestClient made = RequestClient.CreateUnnamed(s_options);
        using SafeFileHandle memory = made.Share();
        made.Dispose();
        byte[] whole = new byte[(int)RandomAccess.GetLength(memory)];
        RandomAccess.Read(memory, whole, 0);
        int refused = 0;
        for (int seed = 0; seed < s_count; seed++)
        {
            RandomAccess.Write(memory, whole, 0);
            refused += IsRefused(memory, new Random(seed), seed) ? 1 : 0;
        }
        Assert.InRange(refused, s_count / 50, s_count - (s_count / 20));
    }

    private bool IsRefused(SafeFileHandle memory, Random random, int seed)
    {
        for (int times = random.Next(3); times >= 0; times--)
        {
            Mutate(memory, random.Next(3) == 0 ? random.Next(SegmentLayout.Record(4) / sizeof(ulong)) : WordInUse(random), random);
        }
        try
        {
            using RequestClient client = RequestClient.OpenUnnamed(memory);
            using ReplyServer server = ReplyServer.OpenUnnamed(memory);
            for (int round = 0; round < 3; round++)
            {
                Use(() => client.TryCall(_buffer.AsSpan(0, random.Next(Math.Min(200, client.MaxRequest + 1))), _buffer, TimeSpan.Zero, out _), seed);
                Task<CallResult> calling = Task.FromResult(default(CallResult));
                Use(() => calling = client.CallAsync(default, _buffer).AsTask(), seed);
                Mutate(memory, WordInUse(random), random);
                Use(() => Answer(server, random), seed);
                Mutate(memory, WordInUse(random), random);
                Use(() => ReadParts(client, server, random), seed);
                Use(() => _ = client.GetStatus().CallsServed, seed);
            }
            return false;
        }
        catch (Exception error) when (IsDocumented(error))
        {
            return true;
        }
    }

    private static void Answer(ReplyServer server, Random random)
    {
        for (int most = 8; most > 0 && server.TryReceive(out ReceivedRequest request); most--)
        {
            Assert.InRange(request.Span.Length, 0, server.MaxRequest);
            Assert.Equal(server.MaxReply, request.ReplyBuffer.Length);
            _ = (request.IsCancelled, request.Timeout, request.WantsParts);
            if (random.Next(3) > 0)
            {
                request.Reply(request.Span[..Math.Min(server.MaxReply, request.Span.Length)]);
            }
            request.Dispose();
        }
    }

    private static void ReadParts(RequestClient client, ReplyServer server, Random random)
    {
        using ReplyParts parts = client.CallInParts(default, TimeSpan.Zero);
        Answer(server, random);
        for (int most = 8; most > 0 && parts.MoveNext(); most--)
        {
            Assert.InRange(parts.Current.Length, 0, client.MaxReply);
        }
    }

    private static void Use(Action use, int seed)
    {
        Exception? error = Record.Exception(use);
        Assert.True(error is null || IsDocumented(error), $"seed {seed}: {error}");
    }

    // EUSERS: slots that somebody has.
    private static bool IsDocumented(Exception error) =>
        error is InvalidDataException or InvalidOperationException or PosixException { Errno: Errno.EUSERS };

    // The words of the servers and the peers, and the heads of the first cells.
    private static int WordInUse(Random random)
    {
        int state = SegmentLayout.State(4) / sizeof(ulong), data = (int)(SegmentLayout.ControlSize(4) / sizeof(ulong));
        RequestCells cells = RequestCells.For(data, 200, 100, 2);
        return random.Next(6) switch
        {
            0 => state + RequestWaitWord.Servers,
            1 => state + RequestPeerWord.Word(random.Next(3)),
            < 4 => cells.At(random.Next(4)) + random.Next(4),
            _ => cells.At(random.Next(4)) + cells.ReplyAt + random.Next(2),
        };
    }

    private static void Mutate(SafeFileHandle memory, int word, Random random)
    {
        ulong value = random.Next(5) switch
        {
            0 => 0,
            1 => (ulong)random.Next(8),
            2 => 1UL << random.Next(64),
            3 => ulong.MaxValue,
            _ => (ulong)random.NextInt64(),
        };
        RandomAccess.Write(memory, BitConverter.GetBytes(value), word * (long)sizeof(ulong));
    }
}

using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Channels;

/// <summary>What others may have written into the segment ends in an outcome or a documented error, and nothing else.</summary>
public sealed class RequestDamageTests
{
    private static readonly RequestOptions s_options = new() { MaxParticipants = 3, MaxCalls = 2, MaxRequest = 200, MaxReply = 100 };

    [Fact]
    public async Task Request_that_says_it_is_too_long_is_ended_and_others_are_served()
    {
        using RequestClient client = RequestClient.CreateUnnamed(s_options);
        using ReplyServer server = RequestTests.Join(client);
        Task<CallResult> calling = client.CallAsync("x"u8.ToArray(), default, TestContext.Current.CancellationToken).AsTask();
        int cell = server.Place.Cells.Of(client.Segment.Slot, 0);
        server.Place.Store(cell + RequestCells.RequestInfoAt, 201);
        Assert.False(server.TryReceive(out _));
        Assert.Equal(CallOutcome.Unanswered, (await calling.OrHang()).Outcome);
        using EchoThread echo = new(server);
        Assert.Equal(CallOutcome.Replied, client.Call("y"u8).Outcome);
    }

    [Fact]
    public void Reply_that_says_it_is_too_long_is_an_error_and_its_place_comes_back()
    {
        using RequestClient client = RequestClient.CreateUnnamed(s_options with { MaxCalls = 1 });
        using ReplyServer server = RequestTests.Join(client);
        for (int round = 0; round < 3; round++)
        {
            Blocked calling = Blocked.In(() => client.Call("x"u8).Dispose());
            Assert.True(server.TryReceive(out ReceivedRequest request));
            int cell = server.Place.Cells.Of(client.Segment.Slot, 0);
            server.Place.Store(cell + server.Place.Cells.ReplyAt + RequestCells.ReplyInfoAt, uint.MaxValue);
            server.Place.Publish(cell, RequestReplyWord.Of(request.Id, RequestReplyState.Replied));
            Assert.Contains("4294967295", Assert.Throws<InvalidDataException>(calling.Join).Message, StringComparison.Ordinal);
            server.Place.Store(cell + RequestCells.WaitAt, 0);
        }
    }

    [Fact]
    public void Setup_that_does_not_fit_the_segment_is_refused()
    {
        foreach ((int index, ulong value) in new[] { (0, 1UL << 40), (0, (ulong)RequestOptions.BytesMax), (1, 1UL << 31), (2, 0UL), (2, 65UL), (2, 64UL) })
        {
            using TemporaryName name = new();
            RequestSetup setup = RequestSetup.Of(s_options, out long size);
            ulong[] config = setup.Config;
            config[index] = value;
            using Segment made = Segment.Create(RequestSetup.Kind with { Recover = static (_, _, _) => { } }, name, s_options, [], config, size);
            Assert.Throws<InvalidDataException>(() => RequestClient.Open(name));
            Assert.Throws<InvalidDataException>(() => ReplyServer.Open(name));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Segment_with_anything_in_it_ends_in_outcomes_and_documented_errors(int seed)
    {
        Random random = new(seed);
        for (int round = 0; round < 300; round++)
        {
            using RequestClient made = RequestClient.CreateUnnamed(s_options);
            using SafeFileHandle shared = made.Share();
            Scribble(made.Segment, random);
            Use(shared);
        }
    }

    [Fact]
    public async Task Segment_that_changes_all_the_time_ends_in_outcomes_and_documented_errors()
    {
        using RequestClient made = RequestClient.CreateUnnamed(s_options);
        using SafeFileHandle shared = made.Share();
        bool stop = false;
        Task scribbling = Task.Run(() =>
        {
            Random random = new(1);
            while (!Volatile.Read(ref stop))
            {
                Scribble(made.Segment, random);
            }
        });
        for (int round = 0; round < 50; round++)
        {
            Use(shared);
        }
        Volatile.Write(ref stop, true);
        await scribbling.OrHang();
    }

    private static void Use(SafeFileHandle shared)
    {
        Guard(() =>
        {
            using RequestClient client = RequestClient.OpenUnnamed(shared);
            using ReplyServer server = ReplyServer.OpenUnnamed(shared);
            byte[] reply = new byte[100];
            Guard(() => client.TryCall("x"u8, reply, TimeSpan.FromMilliseconds(1), out _));
            Guard(() => Answer(server));
            Guard(() => client.TryCall("y"u8, reply, TimeSpan.FromMilliseconds(1), out _));
            Guard(() =>
            {
                using ReplyParts parts = client.CallInParts("z"u8, TimeSpan.FromMilliseconds(1));
                Guard(() => Answer(server));
                while (parts.MoveNext())
                {
                    Assert.InRange(parts.Current.Length, 0, 100);
                }
            });
            _ = client.HasServer;
        });
    }

    private static void Answer(ReplyServer server)
    {
        for (int count = 0; count < 10 && server.TryReceive(TimeSpan.FromMilliseconds(1), out ReceivedRequest request); count++)
        {
            Assert.InRange(request.Span.Length, 0, 200);
            Assert.Equal(100, request.ReplyBuffer.Length);
            _ = request.IsCancelled;
            request.Reply(request.Span[..Math.Min(100, request.Span.Length)]);
        }
    }

    private static void Guard(Action use)
    {
        try
        {
            use();
        }
        catch (Exception error) when (error is InvalidDataException or InvalidOperationException or PosixException { Errno: Errno.EUSERS })
        {
        }
    }

    // All words behind the roster, those of the waiters' flags among them.
    private static unsafe void Scribble(Segment segment, Random random)
    {
        Span<ulong> words = new(segment.State, segment.Words);
        for (int count = random.Next(1, 200); count > 0; count--)
        {
            int line = random.Next(2) == 0 ? random.Next(segment.DataWord(0), segment.DataWord(0) + 300) : random.Next(StateLayout.Slot(segment.Capacity));
            words[line] = random.Next(4) switch
            {
                0 => (ulong)random.NextInt64(),
                1 => (ulong)random.Next(5),
                2 => words[random.Next(words.Length)],
                _ => words[line] ^ (1UL << random.Next(64)),
            };
        }
    }
}

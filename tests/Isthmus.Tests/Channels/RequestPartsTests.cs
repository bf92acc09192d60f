using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Channels;

public sealed class RequestPartsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5000)]
    public async Task Parts_come_in_order_and_whole(int count)
    {
        using RequestClient client = RequestClient.CreateUnnamed(new() { MaxReply = 100 });
        using ReplyServer server = RequestTests.Join(client);
        Task serving = Task.Run(() =>
        {
            using ReceivedRequest request = server.Receive();
            for (int part = 0; part < count; part++)
            {
                Assert.True(request.WritePart(BitConverter.GetBytes(part)));
            }
            Assert.True(request.End());
        }, Token);
        using ReplyParts parts = client.CallInParts("all"u8);
        for (int part = 0; part < count; part++)
        {
            Assert.True(parts.MoveNext());
            Assert.Equal(BitConverter.GetBytes(part), parts.Current);
        }
        Assert.False(parts.MoveNext());
        Assert.Equal(CallOutcome.Replied, parts.Outcome);
        Assert.False(parts.MoveNext());
        await serving.OrHang();
    }

    [Fact]
    public async Task Awaited_parts_come_too_and_the_answer_is_the_last()
    {
        using RequestClient client = RequestClient.CreateUnnamed();
        using ReplyServer server = RequestTests.Join(client);
        using CancellationTokenSource stop = new();
        Task serving = server.ServeAsync(
            static async request =>
            {
                for (byte part = 0; part < 10; part++)
                {
                    Assert.True(await request.WritePartAsync(new[] { part }));
                }
                request.Reply([10]);
            },
            stop.Token);
        using (ReplyParts parts = client.CallInParts(default))
        {
            for (byte part = 0; part <= 10; part++)
            {
                Assert.True(await parts.MoveNextAsync(Token).OrHang());
                Assert.Equal([part], parts.Current);
            }
            Assert.False(await parts.MoveNextAsync(Token).OrHang());
            Assert.Equal(CallOutcome.Replied, parts.Outcome);
        }
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving.OrHang());
    }

    [Fact]
    public void Writer_waits_until_the_reader_has_taken_the_part()
    {
        using RequestClient client = RequestClient.CreateUnnamed();
        using ReplyServer server = RequestTests.Join(client);
        using ReplyParts parts = client.CallInParts("x"u8);
        Blocked writing = Blocked.In(() =>
        {
            using ReceivedRequest request = server.Receive();
            request.WritePart("one"u8);
            request.Reply("two"u8);
        });
        Assert.True(parts.MoveNext());
        Assert.Equal("one"u8, parts.Current);
        Assert.True(parts.MoveNext());
        writing.Join();
        Assert.Equal("two"u8, parts.Current);
        Assert.False(parts.MoveNext());
    }

    [Fact]
    public void Reader_that_wants_no_more_is_told_to_the_writer_and_its_place_comes_back()
    {
        using RequestClient client = RequestClient.CreateUnnamed(new() { MaxCalls = 1 });
        using ReplyServer server = RequestTests.Join(client);
        ReplyParts parts = client.CallInParts("x"u8);
        bool taken = true;
        Blocked writing = Blocked.In(() =>
        {
            using ReceivedRequest request = server.Receive();
            taken = request.WritePart("one"u8);
            Assert.True(request.IsCancelled);
        });
        parts.Dispose();
        parts.Dispose();
        writing.Join();
        Assert.False(taken);
        Assert.False(client.TryCall("y"u8, TimeSpan.Zero, out CallReply reply));
        Assert.Equal(CallOutcome.TimedOut, reply.Outcome);
    }

    [Fact]
    public void Failure_and_death_end_the_parts()
    {
        using RequestClient client = RequestClient.CreateUnnamed();
        ReplyServer server = RequestTests.Join(client);
        using (ReplyParts parts = client.CallInParts("x"u8))
        {
            Assert.True(server.TryReceive(out ReceivedRequest request));
            request.Fail(7, "why"u8);
            Assert.False(parts.MoveNext());
            Assert.Equal((CallOutcome.Failed, 7), (parts.Outcome, parts.ErrorCode));
            Assert.Equal("why"u8, parts.Current);
        }
        using (ReplyParts parts = client.CallInParts("y"u8))
        {
            Assert.True(server.TryReceive(out _));
            Blocked reading = Blocked.In(() => parts.MoveNext());
            server.Dispose();
            reading.Join();
            Assert.Equal(CallOutcome.ServerDied, parts.Outcome);
        }
        using ReplyParts none = client.CallInParts("z"u8);
        Assert.Equal(CallOutcome.NoServer, none.Outcome);
        Assert.False(none.MoveNext());
    }

    [Fact]
    public void Time_that_is_up_between_two_parts_ends_them()
    {
        using RequestClient client = RequestClient.CreateUnnamed();
        using ReplyServer server = RequestTests.Join(client);
        using ReplyParts parts = client.CallInParts("x"u8, TimeSpan.FromMilliseconds(100));
        Assert.True(server.TryReceive(out ReceivedRequest request));
        Assert.False(parts.MoveNext());
        Assert.Equal(CallOutcome.TimedOut, parts.Outcome);
        Assert.True(request.IsCancelled);
        request.Dispose();
    }

    [Fact]
    public async Task Cancellation_while_a_part_is_awaited_gives_the_call_up()
    {
        using RequestClient client = RequestClient.CreateUnnamed();
        using ReplyServer server = RequestTests.Join(client);
        using ReplyParts parts = client.CallInParts("x"u8);
        Assert.True(server.TryReceive(out ReceivedRequest request));
        using CancellationTokenSource giveUp = new();
        Task<bool> next = parts.MoveNextAsync(giveUp.Token).AsTask();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.OrHang());
        Assert.True(request.IsCancelled);
        Assert.False(request.Reply("late"u8));
    }

    [Fact]
    public void Client_that_wants_one_reply_gets_no_parts()
    {
        using RequestClient client = RequestClient.CreateUnnamed();
        using ReplyServer server = RequestTests.Join(client);
        Blocked serving = Blocked.In(() =>
        {
            using ReceivedRequest request = server.Receive();
            Assert.False(request.WantsParts);
            Assert.Throws<InvalidOperationException>(() => request.WritePart("x"u8));
            request.Reply("whole"u8);
        });
        using CallReply reply = client.Call("x"u8);
        Assert.Equal("whole"u8, reply.Span);
        serving.Join();
    }
}

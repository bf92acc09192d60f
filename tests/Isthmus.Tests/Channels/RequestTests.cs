using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Channels;

public sealed class RequestTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Call_brings_the_request_to_a_server_and_its_reply_back()
    {
        using TemporaryName name = new();
        using ReplyServer server = ReplyServer.Create(name);
        using RequestClient client = RequestClient.Open(name);
        using EchoThread echo = new(server);
        for (int length = 0; length <= 4096; length += length < 100 ? 1 : 333)
        {
            byte[] request = Bytes(length);
            using CallReply reply = client.Call(request);
            Assert.Equal(CallOutcome.Replied, reply.Outcome);
            Assert.Equal(request, reply.Span);
        }
    }

    [Fact]
    public void Reply_is_copied_out_and_one_that_does_not_fit_says_how_long_it_is()
    {
        using RequestClient client = RequestClient.CreateUnnamed();
        using ReplyServer server = Join(client);
        using EchoThread echo = new(server);
        byte[] buffer = new byte[10];
        Assert.Equal(new CallResult(CallOutcome.Replied, 7), client.Call(Bytes(7), buffer));
        Assert.Equal(Bytes(7), buffer[..7]);
        Assert.Equal(new CallResult(CallOutcome.Truncated, 12), client.Call(Bytes(12), buffer));
        Assert.Equal(Bytes(12)[..10], buffer);
    }

    [Fact]
    public async Task Awaited_calls_meet_a_handler()
    {
        using RequestClient client = RequestClient.CreateUnnamed();
        using ReplyServer server = Join(client);
        using CancellationTokenSource stop = new();
        Task serving = server.ServeAsync(static request => { request.Reply(request.Span); return default; }, stop.Token);
        byte[] buffer = new byte[100];
        for (int round = 0; round < 20; round++)
        {
            Assert.Equal(new CallResult(CallOutcome.Replied, round), await client.CallAsync(Bytes(round), buffer, Token).OrHang());
            Assert.Equal(Bytes(round), buffer[..round]);
        }
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving.OrHang());
    }

    [Fact]
    public void Failure_is_a_value_with_code_and_details()
    {
        using RequestClient client = RequestClient.CreateUnnamed();
        using ReplyServer server = Join(client);
        Blocked serving = Blocked.In(() =>
        {
            using ReceivedRequest request = server.Receive();
            Assert.True(request.Fail(42, "no such order"u8));
        });
        using CallReply reply = client.Call("order"u8);
        Assert.Equal((CallOutcome.Failed, 42), (reply.Outcome, reply.ErrorCode));
        Assert.Equal("no such order"u8, reply.Span);
        serving.Join();
    }

    [Fact]
    public async Task Handler_that_throws_fails_its_call_and_serves_the_next()
    {
        using RequestClient client = RequestClient.CreateUnnamed();
        using ReplyServer server = Join(client);
        using CancellationTokenSource stop = new();
        Task serving = server.ServeAsync(
            static request => request.Span.Length == 0 ? throw new FormatException("empty") : Answer(request), concurrency: 3, stop.Token);
        byte[] buffer = new byte[100];
        CallResult failed = await client.CallAsync(default, buffer, Token).OrHang();
        Assert.Equal(new CallResult(CallOutcome.Failed, 5, ReplyServer.HandlerFailed), failed);
        Assert.Equal("empty"u8, buffer.AsSpan(0, 5));
        Assert.Equal(new CallResult(CallOutcome.Replied, 2), await client.CallAsync(Bytes(2), buffer, Token).OrHang());
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving.OrHang());

        static ValueTask Answer(ReceivedRequest request)
        {
            request.Reply(request.Span);
            return default;
        }
    }

    [Fact]
    public void Request_that_is_disposed_unanswered_is_told()
    {
        using RequestClient client = RequestClient.CreateUnnamed();
        using ReplyServer server = Join(client);
        Blocked serving = Blocked.In(() => server.Receive().Dispose());
        using CallReply reply = client.Call("x"u8);
        Assert.Equal(CallOutcome.Unanswered, reply.Outcome);
        serving.Join();
    }

    [Fact]
    public void Without_a_server_a_call_is_told_so_at_once()
    {
        using RequestClient client = RequestClient.CreateUnnamed();
        Assert.False(client.HasServer);
        Assert.Equal(CallOutcome.NoServer, client.Call("x"u8).Outcome);
        using (Join(client))
        {
            Assert.True(client.HasServer);
        }
        Assert.False(client.HasServer);
        Assert.Equal(CallOutcome.NoServer, client.Call("x"u8).Outcome);
    }

    [Fact]
    public async Task Those_who_wait_for_a_server_go_on_when_one_comes()
    {
        using RequestClient client = RequestClient.CreateUnnamed();
        Assert.False(client.TryWaitForServer(TimeSpan.FromMilliseconds(1)));
        Blocked waiting = Blocked.In(client.WaitForServer);
        Task awaiting = client.WaitForServerAsync(Token).AsTask();
        using CancellationTokenSource giveUp = new();
        Task cancelled = client.WaitForServerAsync(giveUp.Token).AsTask();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.OrHang());
        Assert.False(awaiting.IsCompleted);
        using ReplyServer server = Join(client);
        waiting.Join();
        await awaiting.OrHang();
        Assert.True(client.TryWaitForServer(TimeSpan.Zero));
        await client.WaitForServerAsync(Token);
    }

    [Fact]
    public async Task Call_that_waits_is_told_when_the_last_server_leaves_before_taking_it()
    {
        using RequestClient client = RequestClient.CreateUnnamed();
        ReplyServer server = Join(client);
        CallOutcome outcome = default;
        Blocked calling = Blocked.In(() => outcome = client.Call("x"u8).Outcome);
        Task<CallResult> awaiting = client.CallAsync("y"u8.ToArray(), default, Token).AsTask();
        server.Dispose();
        calling.Join();
        Assert.Equal(CallOutcome.NoServer, outcome);
        Assert.Equal(CallOutcome.NoServer, (await awaiting.OrHang()).Outcome);
    }

    [Fact]
    public async Task Server_that_leaves_with_a_call_is_told_to_its_client()
    {
        using RequestClient client = RequestClient.CreateUnnamed();
        ReplyServer server = Join(client);
        Task<CallResult> awaiting = client.CallAsync("y"u8.ToArray(), default, Token).AsTask();
        Assert.True(server.TryReceive(out _));
        server.Dispose();
        Assert.Equal(CallOutcome.ServerDied, (await awaiting.OrHang()).Outcome);
    }

    [Fact]
    public void Time_that_is_up_takes_the_call_back_before_anybody_had_it()
    {
        using RequestClient client = RequestClient.CreateUnnamed();
        using ReplyServer server = Join(client);
        Assert.False(client.TryCall("x"u8, TimeSpan.FromMilliseconds(1), out CallReply reply));
        Assert.Equal(CallOutcome.TimedOut, reply.Outcome);
        Assert.False(server.TryReceive(out _));
    }

    [Fact]
    public async Task Time_that_is_up_reaches_the_server_and_its_late_reply_is_dropped()
    {
        using RequestClient client = RequestClient.CreateUnnamed(new() { MaxCalls = 1 });
        using ReplyServer server = Join(client);
        ReceivedRequest late = await TimedOut(client, server);
        Assert.True(late.IsCancelled);
        // The server may still write there: its place is nobody else's yet.
        Assert.Equal(CallOutcome.Busy, client.Call("y"u8).Outcome);
        Assert.False(late.Reply("late"u8));
        Blocked serving = Blocked.In(() =>
        {
            using ReceivedRequest next = server.Receive();
            next.Reply(next.Span);
        });
        using CallReply reply = client.Call("z"u8);
        Assert.Equal("z"u8, reply.Span);
        serving.Join();
    }

    // A request that the server has, and whose time is up. One that is taken back before the server had the CPU is made again, with more time.
    private static async Task<ReceivedRequest> TimedOut(RequestClient client, ReplyServer server)
    {
        for (TimeSpan time = TimeSpan.FromMilliseconds(50); ; time *= 2)
        {
            Task<CallOutcome> calling = Task.Factory.StartNew(
                () =>
                {
                    client.TryCall("x"u8, time, out CallReply reply);
                    return reply.Outcome;
                },
                TaskCreationOptions.LongRunning);
            bool isTaken = server.TryReceive(time * 2, out ReceivedRequest late);
            Assert.Equal(CallOutcome.TimedOut, await calling.OrHang());
            if (isTaken)
            {
                return late;
            }
            Assert.True(time < Child.Limit);
        }
    }

    [Fact]
    public async Task Cancellation_reaches_the_handler()
    {
        using RequestClient client = RequestClient.CreateUnnamed();
        using ReplyServer server = Join(client);
        using CancellationTokenSource stop = new(), giveUp = new();
        TaskCompletionSource handling = new(), cancelled = new();
        Task serving = server.ServeAsync(
            async request =>
            {
                using CancellationTokenRegistration registration = request.Cancellation.Register(cancelled.SetResult);
                handling.SetResult();
                await cancelled.Task;
            },
            stop.Token);
        Task<CallResult> calling = client.CallAsync("x"u8.ToArray(), default, giveUp.Token).AsTask();
        await handling.Task.OrHang();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calling.OrHang());
        await cancelled.Task.OrHang();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving.OrHang());
    }

    [Fact]
    public void One_call_more_than_there_may_be_is_refused()
    {
        using RequestClient client = RequestClient.CreateUnnamed(new() { MaxCalls = 2 });
        using ReplyServer server = Join(client);
        using EchoThread echo = new(server);
        using CallReply one = client.Call("1"u8), two = client.Call("2"u8);
        Assert.Equal(CallOutcome.Busy, client.Call("3"u8).Outcome);
        Assert.Equal("1"u8, one.Span);
        Assert.Equal("2"u8, two.Span);
        one.Dispose();
        using CallReply three = client.Call("3"u8);
        Assert.Equal("3"u8, three.Span);
    }

    [Fact]
    public void Too_long_is_refused_with_the_number_that_fits()
    {
        using RequestClient client = RequestClient.CreateUnnamed(new() { MaxRequest = 10, MaxReply = 20 });
        using ReplyServer server = Join(client);
        Assert.Contains("10", Assert.Throws<ArgumentException>(() => client.Call(Bytes(11))).Message, StringComparison.Ordinal);
        Blocked serving = Blocked.In(() =>
        {
            using ReceivedRequest request = server.Receive();
            Assert.Contains("20", Assert.Throws<ArgumentException>(() => request.Reply(Bytes(21))).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentOutOfRangeException>(() => request.Reply(21));
            request.Reply(Bytes(20));
        });
        using CallReply reply = client.Call(Bytes(10));
        Assert.Equal(Bytes(20), reply.Span);
        serving.Join();
    }

    [Fact]
    public void Sizes_beyond_all_bounds_are_refused_with_those_that_would_fit()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RequestOptions { MaxCalls = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RequestOptions { MaxCalls = 65 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RequestOptions { MaxRequest = -1 });
        RequestOptions options = new() { MaxRequest = 1 << 30, MaxParticipants = 2, MaxCalls = 2 };
        Assert.Contains("may be 3", Assert.Throws<ArgumentException>(() => RequestClient.CreateUnnamed(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Answering_twice_is_refused()
    {
        using RequestClient client = RequestClient.CreateUnnamed();
        using ReplyServer server = Join(client);
        Blocked serving = Blocked.In(() =>
        {
            using ReceivedRequest request = server.Receive();
            "done"u8.CopyTo(request.ReplyBuffer);
            request.Reply(4);
            Assert.Throws<InvalidOperationException>(() => request.Reply("again"u8));
            Assert.Throws<InvalidOperationException>(() => request.Fail(1));
            Assert.Throws<InvalidOperationException>(() => request.Cancellation);
        });
        using CallReply reply = client.Call("x"u8);
        serving.Join();
        Assert.Equal("done"u8, reply.Span);
    }

    [Fact]
    public void Deadline_travels_as_the_time_that_the_client_waits()
    {
        using RequestClient client = RequestClient.CreateUnnamed();
        using ReplyServer server = Join(client);
        TimeSpan left = default;
        Blocked serving = Blocked.In(() =>
        {
            using ReceivedRequest timed = server.Receive();
            left = timed.Timeout;
            timed.Reply("x"u8);
            using ReceivedRequest untimed = server.Receive();
            Assert.Equal(Timeout.InfiniteTimeSpan, untimed.Timeout);
            untimed.Reply("x"u8);
        });
        Assert.True(client.TryCall("x"u8, TimeSpan.FromMinutes(1), out CallReply reply));
        reply.Dispose();
        client.Call("x"u8).Dispose();
        serving.Join();
        Assert.InRange(left, TimeSpan.FromSeconds(50), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Open_finds_the_sizes_and_OpenOrCreate_refuses_others()
    {
        using TemporaryName name = new();
        using RequestClient made = RequestClient.OpenOrCreate(name, new() { MaxRequest = 100, MaxReply = 200, MaxCalls = 3 });
        using ReplyServer opened = ReplyServer.Open(name);
        Assert.Equal((100, 200), (opened.MaxRequest, opened.MaxReply));
        Assert.Equal((100, 200, 3), (made.MaxRequest, made.MaxReply, made.MaxCalls));
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => ReplyServer.OpenOrCreate(name));
        Assert.Contains("MaxRequest 100", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => SharedEvent.Open(name));
    }

    [Fact]
    public void Status_tells_who_serves_and_takes_no_slot()
    {
        using TemporaryName name = new();
        using RequestClient client = RequestClient.Create(name, new() { MaxCalls = 5 });
        using ReplyServer server = ReplyServer.Open(name);
        RequestStatus status = RequestClient.GetStatus(name);
        Assert.Equal((4096, 4096, 5), (status.MaxRequest, status.MaxReply, status.MaxCalls));
        Assert.Equal(server.Segment.Slot, Assert.Single(status.Servers).Slot);
        Assert.Equal(client.Segment.Slot, Assert.Single(status.Clients).Slot);
        Assert.Equal(2, server.GetStatus().Participants.Count);
    }

    [Fact]
    public async Task Status_tells_how_many_calls_wait_and_are_served()
    {
        using TemporaryName name = new();
        using RequestClient client = RequestClient.Create(name);
        using ReplyServer server = ReplyServer.Open(name);
        using CancellationTokenSource giveUp = new();
        Task<CallResult> one = client.CallAsync("1"u8.ToArray(), default, giveUp.Token).AsTask();
        Task<CallResult> two = client.CallAsync("2"u8.ToArray(), default, Token).AsTask();
        Assert.Equal((2, 0, 0), Calls(RequestClient.GetStatus(name)));
        using ReceivedRequest first = server.Receive();
        Assert.Equal((1, 1, 0), Calls(RequestClient.GetStatus(name)));
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one.OrHang());
        Assert.Equal((1, 1, 1), Calls(server.GetStatus()));
        first.Dispose();
        using ReceivedRequest second = server.Receive();
        second.Reply(default(ReadOnlySpan<byte>));
        await two.OrHang();
        Assert.Equal((0, 0, 0), Calls(client.GetStatus()));

        static (int, int, int) Calls(RequestStatus status) => (status.CallsWaiting, status.CallsServed, status.CallsGivenUp);
    }

    [Fact]
    public async Task Many_clients_and_servers_share_the_load_and_each_gets_its_own_reply()
    {
        using TemporaryName name = new();
        using ReplyServer first = ReplyServer.Create(name), second = ReplyServer.Open(name);
        using EchoThread one = new(first), two = new(second), three = new(second);
        Task[] clients = [.. Enumerable.Range(0, 4).Select(number => Task.Run(() =>
        {
            using RequestClient client = RequestClient.Open(name);
            Span<byte> request = stackalloc byte[8];
            for (int round = 0; round < 500; round++)
            {
                BitConverter.TryWriteBytes(request, ((long)number << 32) | (uint)round);
                using CallReply reply = client.Call(request);
                Assert.Equal(request, reply.Span);
            }
        }))];
        await Task.WhenAll(clients).OrHang();
    }

    [Fact]
    public async Task Threads_and_flows_of_one_client_call_at_once()
    {
        using RequestClient client = RequestClient.CreateUnnamed(new() { MaxCalls = 64 });
        using ReplyServer server = Join(client);
        using EchoThread one = new(server), two = new(server);
        Task[] flows = [.. Enumerable.Range(0, 16).Select(number => Task.Run(async () =>
        {
            byte[] buffer = new byte[8];
            for (int round = 0; round < 50; round++)
            {
                byte[] request = BitConverter.GetBytes(((long)number << 32) | (uint)round);
                CallResult result = round % 2 == 0 ? client.Call(request, buffer) : await client.CallAsync(request, buffer);
                Assert.True(result.IsReply);
                Assert.Equal(request, buffer);
            }
        }))];
        await Task.WhenAll(flows).OrHang();
    }

    [Fact]
    public void Dispose_ends_the_waits_of_both_sides()
    {
        using TemporaryName name = new();
        ReplyServer server = ReplyServer.Create(name);
        RequestClient client = RequestClient.Open(name);
        Blocked receiving = Blocked.In(() => server.Receive());
        server.Dispose();
        Assert.Throws<ObjectDisposedException>(receiving.Join);
        using ReplyServer idle = ReplyServer.Open(name);
        Blocked calling = Blocked.In(() => client.Call("x"u8).Dispose());
        client.Dispose();
        Assert.Throws<ObjectDisposedException>(calling.Join);
        Assert.Throws<ObjectDisposedException>(() => client.Call("x"u8).Dispose());
        Assert.False(idle.TryReceive(out _), "Who has left wants no reply.");
    }

    internal static byte[] Bytes(int length) => [.. Enumerable.Range(0, length).Select(index => (byte)(index * 7))];

    internal static ReplyServer Join(RequestClient client)
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle shared = client.Share();
        return ReplyServer.OpenUnnamed(shared);
    }
}

using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Channels;

public sealed class RequestCrashTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_server_is_told_to_those_who_block_and_who_await()
    {
        using TemporaryName name = new();
        using RequestClient client = RequestClient.Create(name);
        using Child server = StartServer(TakeTwo, name);
        CallOutcome outcome = default;
        Blocked calling = Blocked.In(() => outcome = client.Call("x"u8).Outcome);
        Task<CallResult> awaiting = client.CallAsync("y"u8.ToArray(), default, Token).AsTask();
        Assert.Equal("taken", server.ReadLine());
        Assert.Equal("taken", server.ReadLine());
        server.Kill();
        calling.Join();
        Assert.Equal(CallOutcome.ServerDied, outcome);
        Assert.Equal(CallOutcome.ServerDied, (await awaiting.OrHang()).Outcome);
        Assert.Equal(CallOutcome.NoServer, client.Call("z"u8).Outcome);
    }

    [Fact]
    public void Killed_server_takes_no_call_along_that_it_did_not_have()
    {
        using TemporaryName name = new();
        using RequestClient client = RequestClient.Create(name);
        using Child first = StartServer(Idle, name), second = StartServer(EchoOnDemand, name);
        byte[] reply = [];
        Blocked calling = Blocked.In(() => reply = client.Call("x"u8).Span.ToArray());
        first.Kill();
        second.WriteLine("go");
        calling.Join();
        Assert.Equal("x"u8, reply);
    }

    [Fact]
    public async Task Killed_client_is_told_to_the_server_that_has_its_call_and_its_slot_is_good_again()
    {
        using TemporaryName name = new();
        using ReplyServer server = ReplyServer.Create(name, new() { MaxCalls = 1, MaxParticipants = 2 });
        for (int round = 0; round < 3; round++)
        {
            using Child client = Child.Start(CallAndWait, name);
            using ReceivedRequest request = server.Receive();
            TaskCompletionSource cancelled = new();
            using CancellationTokenRegistration registration = request.Cancellation.Register(cancelled.SetResult);
            Assert.False(request.IsCancelled);
            client.Kill();
            await cancelled.Task.OrHang();
            Assert.True(request.IsCancelled);
            Assert.False(request.Reply("late"u8));
        }
    }

    [Fact]
    public async Task Request_of_a_client_that_died_before_anybody_had_it_is_never_seen()
    {
        using TemporaryName name = new();
        using ReplyServer server = ReplyServer.Create(name);
        using (Child client = Child.Start(CallInBackground, name))
        {
            Assert.Equal("called", client.ReadLine());
            client.Kill();
        }
        // Who just reads its maps keeps its memory for a moment longer.
        await Eventually.IsTrue(() => server.GetStatus().Participants.Count(each => each.IsAlive) == 1);
        // A newcomer repairs what the dead have left.
        using RequestClient other = RequestClient.Open(name);
        Assert.False(server.TryReceive(out _));
    }

    [Fact]
    public void Ids_go_on_where_the_former_client_of_the_slot_has_stopped()
    {
        using TemporaryName name = new();
        using ReplyServer server = ReplyServer.Create(name, new() { MaxCalls = 1, MaxParticipants = 2 });
        ulong last = 0;
        for (int round = 0; round < 5; round++)
        {
            using RequestClient client = RequestClient.Open(name);
            Blocked calling = Blocked.In(() => client.Call("x"u8).Dispose());
            using ReceivedRequest request = server.Receive();
            Assert.True(request.Id > last);
            last = request.Id;
            request.Reply("y"u8);
            calling.Join();
        }
    }

    [Fact]
    public async Task Stopped_server_is_not_taken_for_dead_and_its_late_reply_meets_no_newer_call()
    {
        using TemporaryName name = new();
        using RequestClient client = RequestClient.Create(name, new() { MaxCalls = 2 });
        using Child stopped = StartServer(AnswerLate, name);
        using CancellationTokenSource enough = new();
        Task calling = client.CallAsync("one"u8.ToArray(), Memory<byte>.Empty, enough.Token).AsTask();
        Assert.Equal("taken", stopped.ReadLine());
        using ProcessHandle process = ProcessHandle.Open(stopped.Id);
        process.Send(Signal.SIGSTOP);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calling.OrHang());
        using ReplyServer other = ReplyServer.Open(name);
        using (EchoThread echo = new(other))
        {
            using CallReply reply = client.Call("two"u8);
            Assert.Equal("two"u8, reply.Span);
            Assert.Equal(1, client.GetStatus().CallsGivenUp);
        }
        process.Send(Signal.SIGCONT);
        stopped.WriteLine("answer");
        Assert.Equal("answered False", stopped.ReadLine());
        Assert.Equal(0, client.GetStatus().CallsGivenUp);
    }

    [Fact]
    public void Writer_of_parts_learns_that_its_reader_was_killed()
    {
        using TemporaryName name = new();
        using ReplyServer server = ReplyServer.Create(name);
        using Child client = Child.Start(ReadOnePart, name);
        using ReceivedRequest request = server.Receive();
        Assert.True(request.WritePart("one"u8));
        Assert.Equal("one", client.ReadLine());
        bool taken = true;
        ReceivedRequest same = request;
        Blocked writing = Blocked.In(() => taken = same.WritePart("two"u8));
        client.Kill();
        writing.Join();
        Assert.False(taken);
    }

    [Fact]
    public async Task Servers_killed_under_load_lose_no_call_untold()
    {
        using TemporaryName name = new();
        using RequestClient client = RequestClient.Create(name, new() { MaxCalls = 4 });
        using Child steady = StartServer(EchoForever, name);
        using CancellationTokenSource stop = new();
        Task<(int Replied, int Died)>[] callers =
        [
            .. Enumerable.Range(0, 3).Select(
                caller => Task.Factory.StartNew(() => CallUntil(client, caller, stop.Token), TaskCreationOptions.LongRunning)),
        ];
        for (int round = 0; round < 5; round++)
        {
            using Child victim = StartServer(EchoForever, name);
            victim.Kill();
        }
        await stop.CancelAsync();
        (int replied, int died) = (0, 0);
        foreach (Task<(int Replied, int Died)> caller in callers)
        {
            (int theirs, int lost) = await caller.OrHang();
            (replied, died) = (replied + theirs, died + lost);
        }
        Assert.True(replied > 0);
        // Each victim had one call at most.
        Assert.InRange(died, 0, 5);
        using CallReply reply = client.Call("after"u8);
        Assert.Equal("after"u8, reply.Span);
    }

    private static (int Replied, int Died) CallUntil(RequestClient client, int caller, CancellationToken stop)
    {
        (int replied, int died) = (0, 0);
        Span<byte> request = stackalloc byte[8];
        while (!stop.IsCancellationRequested)
        {
            BitConverter.TryWriteBytes(request, ((long)caller << 32) | (uint)(replied + died));
            using CallReply reply = client.Call(request);
            if (reply.IsReply)
            {
                Assert.Equal(request, reply.Span);
                replied++;
            }
            else
            {
                Assert.Equal(CallOutcome.ServerDied, reply.Outcome);
                died++;
            }
        }
        return (replied, died);
    }

    private static Child StartServer(Action<string[]> body, string name)
    {
        Child server = Child.Start(body, name);
        Assert.Equal("open", server.ReadLine());
        return server;
    }

    private static void TakeTwo(string[] args)
    {
        using ReplyServer server = ReplyServer.Open(args[0]);
        Console.WriteLine("open");
        _ = server.Receive();
        Console.WriteLine("taken");
        _ = server.Receive();
        Console.WriteLine("taken");
        Console.ReadLine();
    }

    private static void AnswerLate(string[] args)
    {
        using ReplyServer server = ReplyServer.Open(args[0]);
        Console.WriteLine("open");
        using ReceivedRequest request = server.Receive();
        Console.WriteLine("taken");
        Console.ReadLine();
        Console.WriteLine($"answered {request.Reply("late"u8)}");
        Console.ReadLine();
    }

    private static void Idle(string[] args)
    {
        using ReplyServer server = ReplyServer.Open(args[0]);
        Console.WriteLine("open");
        Console.ReadLine();
    }

    private static void EchoOnDemand(string[] args)
    {
        using ReplyServer server = ReplyServer.Open(args[0]);
        Console.WriteLine("open");
        Console.ReadLine();
        using ReceivedRequest request = server.Receive();
        request.Reply(request.Span);
        Console.ReadLine();
    }

    private static void EchoForever(string[] args)
    {
        using ReplyServer server = ReplyServer.Open(args[0]);
        Console.WriteLine("open");
        while (true)
        {
            using ReceivedRequest request = server.Receive();
            request.Reply(request.Span);
        }
    }

    private static void CallAndWait(string[] args)
    {
        using RequestClient client = RequestClient.Open(args[0]);
        client.Call("x"u8).Dispose();
    }

    private static void CallInBackground(string[] args)
    {
        using RequestClient client = RequestClient.Open(args[0]);
        _ = client.CallAsync("x"u8.ToArray(), default).AsTask();
        Console.WriteLine("called");
        Console.ReadLine();
    }

    private static void ReadOnePart(string[] args)
    {
        using RequestClient client = RequestClient.Open(args[0]);
        using ReplyParts parts = client.CallInParts("x"u8);
        parts.MoveNext();
        // To take it is to ask for the next.
        Task next = Task.Run(() => parts.MoveNext());
        Console.WriteLine("one");
        Console.ReadLine();
    }
}

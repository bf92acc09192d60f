using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Channels;

/// <summary>Calls and answers allocate nothing once they run.</summary>
[Collection(Alone.Name)]
public sealed class RequestAllocationTests
{
    [Fact]
    public void Sync_calls_and_answers_allocate_nothing()
    {
        using RequestClient client = RequestClient.CreateUnnamed();
        using ReplyServer server = RequestTests.Join(client);
        long served = -1;
        Thread serving = new(() =>
        {
            Serve(server, 300);
            served = LeastOf(() => Serve(server, 2000));
        });
        serving.Start();
        Call(client, 300);
        long called = LeastOf(() => Call(client, 2000));
        Assert.True(serving.Join(Child.Limit));
        Assert.Equal(0, called);
        Assert.Equal(0, served);
    }

    [Fact]
    public async Task Awaited_calls_allocate_nothing()
    {
        using RequestClient client = RequestClient.CreateUnnamed();
        using ReplyServer server = RequestTests.Join(client);
        using CancellationTokenSource source = new();
        byte[] request = new byte[40], reply = new byte[4096];
        // One object a round would be 24 bytes at least.
        Assert.InRange(await Allocated.PerRoundAsync(RunAsync), 0, 20);

        async Task RunAsync(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                ValueTask<ReceivedRequest> received = server.ReceiveAsync(source.Token);
                Assert.False(received.IsCompleted);
                ValueTask<CallResult> called = i % 2 == 0
                    ? client.CallAsync(request, reply, source.Token)
                    : client.TryCallAsync(request, reply, TimeSpan.FromMinutes(1), source.Token);
                Assert.False(called.IsCompleted);
                using (ReceivedRequest taken = await received)
                {
                    taken.Reply(taken.Span);
                }
                Assert.True((await called).Outcome == CallOutcome.Replied);
            }
        }
    }

    // Of as many times on both sides: what each call allocates shows in all of them, what is made when a thread first sleeps, in one.
    private static long LeastOf(Action run)
    {
        long least = long.MaxValue;
        for (int time = 0; time < 5; time++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }

    private static void Call(RequestClient client, int rounds)
    {
        Span<byte> request = stackalloc byte[40], copy = stackalloc byte[40];
        for (int i = 0; i < rounds; i += 2)
        {
            client.Call(request).Dispose();
            client.TryCall(request, copy, TimeSpan.FromMinutes(1), out _);
        }
    }

    private static void Serve(ReplyServer server, int rounds)
    {
        for (int i = 0; i < rounds; i++)
        {
            using ReceivedRequest request = server.Receive();
            request.Reply(request.Span);
        }
    }
}

using Isthmus.Tests.Harness;

namespace Isthmus.Tests.MessageQueues;

/// <summary>Operations on message queues allocate nothing once they run.</summary>
[Collection(Alone.Name)]
public sealed class MessageQueueAllocationTests : IDisposable
{
    private const int Rounds = 1000;

    private readonly QueueName _name = new();
    private readonly PosixMessageQueue _posix;
    private readonly TemporaryQueue _systemV = new();
    private readonly byte[] _small = new byte[SmallQueue.Size];
    private readonly byte[] _large = new byte[2000];

    public MessageQueueAllocationTests() => _posix = SmallQueue.Create(_name);

    public void Dispose()
    {
        _systemV.Dispose();
        _posix.Dispose();
        _name.Dispose();
    }

    [Fact]
    public void Sync_tried_and_timed_calls_allocate_nothing() => AssertAllocatesNothing(() =>
    {
        _posix.Send(_small, 3);
        _posix.Receive(_small);
        _posix.TrySend(_small, TimeSpan.FromSeconds(1));
        _posix.TryReceive(_small, TimeSpan.FromSeconds(1), out _);
        _posix.TryReceive(_small, out _);
        SystemVMessageQueue queue = _systemV.Queue;
        queue.Send(_small);
        queue.Receive(_small);
        queue.TrySend(_large, TimeSpan.FromSeconds(1), 5);
        queue.TryPeek(_large, 0, out _);
        queue.TryReceive(_large, TimeSpan.FromSeconds(1), out _, MessageSelector.LowestUpTo(5));
        queue.TryReceive(_large, out _);
    });

    [Fact]
    public void Timed_calls_that_run_out_allocate_nothing() => AssertAllocatesNothing(
        () =>
        {
            _posix.TryReceive(_small, TimeSpan.FromTicks(1), out _);
            _systemV.Queue.TryReceive(_small, TimeSpan.FromTicks(1), out _);
        },
        rounds: 20);

    [Fact]
    public void Awaited_calls_that_are_done_at_once_allocate_nothing() => AssertAllocatesNothing(() =>
    {
        AssertDone(_posix.SendAsync(_small));
        AssertDone(_posix.ReceiveAsync(_small));
        AssertDone(_systemV.Queue.SendAsync(_small));
        AssertDone(_systemV.Queue.ReceiveAsync(_small));
    });

    [Fact]
    public async Task Awaited_calls_of_POSIX_queues_that_wait_allocate_nothing()
    {
        // One object a round would be 24 bytes at least.
        Assert.InRange(await Allocated.PerRoundAsync(RunAsync), 0, 20);

        async Task RunAsync(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                ValueTask<PosixMessage> receive = _posix.ReceiveAsync(_small);
                await _posix.SendAsync(_small);
                await receive;
            }
        }
    }

    private static void AssertDone(ValueTask call) => Assert.True(call.IsCompletedSuccessfully);

    private static void AssertDone<T>(ValueTask<T> call)
    {
        Assert.True(call.IsCompletedSuccessfully);
        _ = call.Result;
    }

    private static void AssertAllocatesNothing(Action operations, int rounds = Rounds)
    {
        Run();
        Assert.Equal(0, Allocated.ByThisThread(() => Run()));

        void Run()
        {
            for (int i = 0; i < rounds; i++)
            {
                operations();
            }
        }
    }
}

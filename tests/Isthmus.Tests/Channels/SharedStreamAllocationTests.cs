using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Channels;

/// <summary>Operations on a stream allocate nothing once they run.</summary>
[Collection(Alone.Name)]
public sealed class SharedStreamAllocationTests
{
    private readonly byte[] _buffer = new byte[64];

    [Fact]
    public void Sync_calls_allocate_nothing()
    {
        using StreamPair pair = new();
        Run(100);
        Assert.Equal(0, Allocated.ByThisThread(() => Run(1000)));

        void Run(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                pair.First.Write(_buffer);
                pair.Second.ReadExactly(_buffer);
                pair.Second.TryRead(_buffer, out _);
                pair.Second.TryRead(_buffer, TimeSpan.FromTicks(1), out _);
                pair.First.TryWrite(_buffer, TimeSpan.Zero, out _);
                pair.Second.TryRead(_buffer, TimeSpan.FromSeconds(1), out _);
                pair.First.WriteByte(1);
                pair.Second.ReadByte();
            }
        }
    }

    [Fact]
    public async Task Async_calls_that_need_not_wait_allocate_nothing()
    {
        using StreamPair pair = new();
        // One object a round would be 24 bytes at least.
        Assert.InRange(await Allocated.PerRoundAsync(RunAsync), 0, 20);

        async Task RunAsync(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                await pair.First.WriteAsync(_buffer);
                await pair.Second.ReadExactlyAsync(_buffer);
                await pair.First.WaitForPeerAsync();
            }
        }
    }

    [Fact]
    public async Task Async_calls_that_wait_allocate_nothing()
    {
        using StreamPair pair = new();
        using CancellationTokenSource source = new();
        Assert.InRange(await Allocated.PerRoundAsync(RunAsync), 0, 20);

        async Task RunAsync(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                ValueTask<int> read = pair.Second.ReadAsync(_buffer, source.Token);
                Assert.False(read.IsCompleted);
                pair.First.Write(_buffer);
                await read;
            }
        }
    }

    [Fact]
    public async Task Writing_that_waits_for_room_allocates_nothing()
    {
        using StreamPair pair = new();
        byte[] all = new byte[SharedStream.CapacityMin], more = new byte[2 * SharedStream.CapacityMin];
        Assert.InRange(await Allocated.PerRoundAsync(RunAsync), 0, 20);

        async Task RunAsync(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                ValueTask written = pair.First.WriteAsync(more);
                Assert.False(written.IsCompleted);
                pair.Second.ReadExactly(all);
                pair.Second.ReadExactly(all);
                await written;
            }
        }
    }
}

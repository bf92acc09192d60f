using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Pipes;

/// <summary>Operations on pipes and counters allocate nothing once they run.</summary>
[Collection(Alone.Name)]
public sealed class PipeAllocationTests
{
    private const int Rounds = 1000;

    private readonly byte[] _buffer = new byte[64];

    [Fact]
    public void Sync_calls_allocate_nothing()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        using EventFd counter = EventFd.Create();
        Run(100);
        Assert.Equal(0, Allocated.ByThisThread(() => Run(Rounds)));

        void Run(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                pipe.Writer.Write(_buffer);
                pipe.Reader.ReadExactly(_buffer);
                pipe.Writer.TryWrite(_buffer, TimeSpan.Zero, out _);
                pipe.Reader.TryRead(_buffer, TimeSpan.FromSeconds(1), out _);
                pipe.Reader.TryRead(_buffer, TimeSpan.Zero, out _);
                pipe.Writer.WriteByte(1);
                pipe.Reader.ReadByte();
                counter.Write();
                counter.Read();
                counter.TryRead(out _);
            }
        }
    }

    [Fact]
    public async Task Async_reads_that_wait_allocate_nothing()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        using EventFd counter = EventFd.Create();
        // One object a round would be 24 bytes at least.
        Assert.InRange(await Allocated.PerRoundAsync(RunAsync), 0, 20);

        async Task RunAsync(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                ValueTask<int> read = pipe.Reader.ReadAsync(_buffer);
                await pipe.Writer.WriteAsync(_buffer);
                await read;
                ValueTask<ulong> count = counter.ReadAsync();
                counter.Write();
                await count;
            }
        }
    }
}

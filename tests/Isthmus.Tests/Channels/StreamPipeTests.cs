using System.Buffers;
using System.IO.Pipelines;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Channels;

/// <summary>What the pipes of a stream do with their options, and with their ends.</summary>
public sealed class StreamPipeTests
{
    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public async Task Reader_that_reads_nothing_first_holds_no_buffer_while_it_waits(bool useZeroByteReads, int rented)
    {
        using SharedStream first = SharedStream.CreateUnnamed(), second = SharedStream.OpenUnnamed(first.Share());
        using CountingPool pool = new();
        PipeReader reader = second.AsDuplexPipe(new StreamPipeReaderOptions(pool, useZeroByteReads: useZeroByteReads)).Input;
        Task<ReadResult> reading = reader.ReadAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.Equal(rented, pool.Rented);
        first.Write("ab"u8);
        Assert.Equal(2, (await reading.OrHang()).Buffer.Length);
        await reader.CompleteAsync();
    }

    [Fact]
    public async Task Writer_that_is_completed_with_an_error_ends_its_direction_and_what_it_had_not_flushed_is_not_sent()
    {
        using SharedStream first = SharedStream.CreateUnnamed(), second = SharedStream.OpenUnnamed(first.Share());
        IDuplexPipe pipe = first.AsDuplexPipe(), other = second.AsDuplexPipe();
        await pipe.Output.WriteAsync("flushed"u8.ToArray(), TestContext.Current.CancellationToken);
        "not"u8.CopyTo(pipe.Output.GetSpan(3));
        pipe.Output.Advance(3);
        await pipe.Output.CompleteAsync(new InvalidOperationException("Mine."));
        ReadResult result = await other.Input.ReadAtLeastAsync(10, TestContext.Current.CancellationToken).OrHang();
        Assert.Equal((7L, true, SharedStreamEnd.Open), (result.Buffer.Length, result.IsCompleted, second.PeerEnd));
        await other.Output.WriteAsync("back"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal(4, (await pipe.Input.ReadAsync(TestContext.Current.CancellationToken).OrHang()).Buffer.Length);
    }

    private sealed class CountingPool : MemoryPool<byte>
    {
        public int Rented { get; private set; }

        public override int MaxBufferSize => Shared.MaxBufferSize;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            Rented++;
            return Shared.Rent(minBufferSize);
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}

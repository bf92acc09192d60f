using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Pipes;

public sealed class DuplexPipeTests
{
    [Fact]
    public void Each_side_reads_what_the_other_writes()
    {
        using DuplexPipe pipe = DuplexPipe.Create();
        pipe.First.WriteByte(1);
        pipe.Second.WriteByte(2);
        Assert.Equal(2, pipe.First.ReadByte());
        Assert.Equal(1, pipe.Second.ReadByte());
        Assert.True(pipe.First is { CanRead: true, CanWrite: true });
    }

    [Fact]
    public async Task Both_ways_go_at_once()
    {
        using DuplexPipe pipe = DuplexPipe.Create();
        byte[] data = new byte[200_000];
        Random.Shared.NextBytes(data);
        byte[] first = new byte[data.Length], second = new byte[data.Length];
        await Task.WhenAll(
            pipe.First.WriteAsync(data, TestContext.Current.CancellationToken).AsTask(),
            pipe.Second.WriteAsync(data, TestContext.Current.CancellationToken).AsTask(),
            pipe.First.ReadExactlyAsync(first, TestContext.Current.CancellationToken).AsTask(),
            pipe.Second.ReadExactlyAsync(second, TestContext.Current.CancellationToken).AsTask()).OrHang();
        Assert.Equal(data, first);
        Assert.Equal(data, second);
    }

    [Fact]
    public void A_side_can_end_its_writing_and_read_on()
    {
        using DuplexPipe pipe = DuplexPipe.Create();
        pipe.First.Writer.Dispose();
        Assert.Equal(-1, pipe.Second.ReadByte());
        pipe.Second.WriteByte(3);
        Assert.Equal(3, pipe.First.ReadByte());
        Assert.False(pipe.First.CanWrite);
    }

    [Fact]
    public void Disposing_one_side_is_the_end_and_EPIPE_for_the_other()
    {
        using DuplexPipe pipe = DuplexPipe.Create(new AnonymousPipeOptions { Capacity = 4096 });
        Assert.Equal(4096, pipe.Second.Writer.Capacity);
        pipe.First.Dispose();
        Assert.Equal(-1, pipe.Second.ReadByte());
        Broken.Pipe(() => pipe.Second.WriteByte(1));
    }
}

using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Pipes;

public sealed class AnonymousPipeTests
{
    [Fact]
    public void Bytes_come_out_in_the_order_they_went_in()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        pipe.Writer.Write([1, 2, 3]);
        pipe.Writer.Write([4]);
        byte[] buffer = new byte[10];
        Assert.Equal(4, pipe.Reader.BytesWaiting);
        Assert.Equal(4, pipe.Reader.Read(buffer));
        Assert.Equal([1, 2, 3, 4], buffer[..4]);
    }

    [Fact]
    public void Reading_after_the_last_writer_closed_is_the_end()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        pipe.Writer.Write([1]);
        pipe.Writer.Dispose();
        byte[] buffer = new byte[10];
        Assert.Equal(1, pipe.Reader.Read(buffer));
        Assert.Equal(0, pipe.Reader.Read(buffer));
    }

    [Fact]
    public void Writing_when_nobody_reads_throws_EPIPE_and_the_process_lives()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        pipe.Reader.Dispose();
        PosixException error = Assert.Throws<PosixException>(() => pipe.Writer.Write([1]));
        Assert.Equal(Errno.EPIPE, error.Errno);
    }

    [Fact]
    public async Task An_async_read_waits_until_a_byte_comes()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        byte[] buffer = new byte[10];
        Task<int> read = pipe.Reader.ReadAsync(buffer).AsTask();
        Assert.False(read.IsCompleted);
        await pipe.Writer.WriteAsync(new byte[] { 5 });
        Assert.Equal(1, await read.OrHang());
        Assert.Equal(5, buffer[0]);
    }

    [Fact]
    public async Task An_async_write_of_more_than_fits_arrives_whole()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        byte[] sent = new byte[300_000];
        Random.Shared.NextBytes(sent);
        byte[] received = new byte[sent.Length];

        Task write = pipe.Writer.WriteAsync(sent).AsTask();
        Assert.False(write.IsCompleted);
        await pipe.Reader.ReadExactlyAsync(received).OrHang();
        await write.OrHang();

        Assert.Equal(sent, received);
    }

    [Fact]
    public void A_timed_read_says_no_when_nothing_came()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        byte[] buffer = new byte[1];
        Assert.False(pipe.Reader.TryRead(buffer, TimeSpan.Zero, out _));
        Assert.False(pipe.Reader.TryRead(buffer, TimeSpan.FromMilliseconds(20), out _));
        pipe.Writer.Write([9]);
        Assert.True(pipe.Reader.TryRead(buffer, TimeSpan.Zero, out int count));
        Assert.Equal(1, count);
    }

    [Fact]
    public void Packets_keep_their_borders_in_packet_mode()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create(new AnonymousPipeOptions { PacketMode = true });
        pipe.Writer.Write([1, 2]);
        pipe.Writer.Write([3]);
        byte[] buffer = new byte[10];
        Assert.Equal(2, pipe.Reader.Read(buffer));
        Assert.Equal(1, pipe.Reader.Read(buffer));
    }
}

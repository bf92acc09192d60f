using System.Diagnostics;
using Isthmus.Native;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Pipes;

public sealed class PipeReadEndTests : IDisposable
{
    private readonly AnonymousPipe _pipe = AnonymousPipe.Create();
    private readonly byte[] _buffer = new byte[100];

    private PipeReadEnd Reader => _pipe.Reader;

    private PipeWriteEnd Writer => _pipe.Writer;

    public void Dispose() => _pipe.Dispose();

    [Fact]
    public async Task Reading_after_the_last_writer_closed_is_the_end_in_every_form()
    {
        Writer.Write([1]);
        Writer.Dispose();
        Assert.Equal(1, Reader.Read(_buffer));
        Assert.Equal(0, Reader.Read(_buffer));
        Assert.Equal(-1, Reader.ReadByte());
        Assert.True(Reader.TryRead(_buffer, TimeSpan.Zero, out int count));
        Assert.Equal(0, count);
        Assert.Equal(0, await Reader.ReadAsync(_buffer).OrHang());
    }

    [Fact]
    public async Task The_last_close_wakes_everybody_who_sleeps()
    {
        Blocked[] threads = [.. Enumerable.Range(0, 5).Select(_ => Blocked.In(() => Assert.Equal(0, Reader.Read(new byte[1]))))];
        Task<int>[] tasks = [.. Enumerable.Range(0, 5).Select(_ => Reader.ReadAsync(new byte[1]).AsTask())];
        Writer.Dispose();
        Array.ForEach(threads, thread => thread.Join());
        Assert.All(await Task.WhenAll(tasks).OrHang(), count => Assert.Equal(0, count));
    }

    [Fact]
    public async Task An_async_read_waits_until_a_byte_comes()
    {
        Task<int> read = Reader.ReadAsync(_buffer).AsTask();
        Assert.False(read.IsCompleted);
        await Writer.WriteAsync(new byte[] { 5 });
        Assert.Equal(1, await read.OrHang());
        Assert.Equal(5, _buffer[0]);
    }

    [Fact]
    public async Task Many_async_readers_take_each_byte_once()
    {
        const int Count = 100;
        byte[][] buffers = [.. Enumerable.Range(0, Count).Select(_ => new byte[1])];
        Task<int>[] reads = [.. buffers.Select(buffer => Reader.ReadAsync(buffer).AsTask())];
        for (byte i = 0; i < Count; i++)
        {
            Writer.WriteByte(i);
        }
        Assert.All(await Task.WhenAll(reads).OrHang(), count => Assert.Equal(1, count));
        Assert.Equal(Enumerable.Range(0, Count).Select(i => (byte)i), buffers.Select(buffer => buffer[0]).Order());
    }

    [Fact]
    public async Task A_cancelled_read_takes_nothing()
    {
        for (byte i = 0; i < 100; i++)
        {
            using CancellationTokenSource cancel = new();
            Task<int> read = Reader.ReadAsync(_buffer, cancel.Token).AsTask();
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.OrHang());
            Writer.WriteByte(i);
            Assert.Equal(i, Reader.ReadByte());
        }
    }

    [Fact]
    public async Task A_read_whose_cancellation_races_with_the_byte_takes_it_or_leaves_it()
    {
        for (byte i = 0; i < 100; i++)
        {
            using CancellationTokenSource cancel = new();
            Task<int> read = Reader.ReadAsync(_buffer, cancel.Token).AsTask();
            Task cancelling = Task.Run(cancel.Cancel, TestContext.Current.CancellationToken);
            Writer.WriteByte(i);
            byte value = await Record.ExceptionAsync(() => read.OrHang()) is null ? _buffer[0] : (byte)Reader.ReadByte();
            Assert.Equal(i, value);
            await cancelling;
        }
    }

    [Fact]
    public async Task Dispose_ends_an_async_read()
    {
        Task<int> read = Reader.ReadAsync(_buffer).AsTask();
        Reader.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => read.OrHang());
    }

    [Fact]
    public void Dispose_lets_a_sync_read_that_blocks_come_to_its_end()
    {
        Blocked read = Blocked.In(() => Assert.Equal(8, Reader.ReadByte()));
        Reader.Dispose();
        Writer.WriteByte(8);
        read.Join();
        Broken.Pipe(() => Writer.WriteByte(8));
    }

    [Fact]
    public void A_timed_read_says_no_when_nothing_came_and_never_early()
    {
        Assert.False(Reader.TryRead(_buffer, TimeSpan.Zero, out _));
        TimeSpan timeout = TimeSpan.FromMilliseconds(20);
        long start = Stopwatch.GetTimestamp();
        Assert.False(Reader.TryRead(_buffer, timeout, out _));
        Assert.True(Stopwatch.GetElapsedTime(start) >= timeout);
        Writer.Write([9]);
        Assert.True(Reader.TryRead(_buffer, TimeSpan.Zero, out int count));
        Assert.Equal(1, count);
    }

    [Fact]
    public void A_timed_read_ends_when_a_byte_comes()
    {
        Blocked read = Blocked.In(() => Assert.True(Reader.TryRead(_buffer, Child.Limit, out _)));
        Writer.WriteByte(1);
        read.Join();
    }

    [Fact]
    public async Task A_read_into_an_empty_buffer_waits_and_takes_nothing()
    {
        Task<int> read = Reader.ReadAsync(Memory<byte>.Empty).AsTask();
        Assert.False(read.IsCompleted);
        Writer.WriteByte(4);
        Assert.Equal(0, await read.OrHang());
        Assert.Equal(0, Reader.Read([]));
        Assert.Equal(4, Reader.ReadByte());
        Assert.False(Reader.TryRead([], TimeSpan.Zero, out _));
        Writer.Dispose();
        Assert.Equal(0, Reader.Read([]));
    }

    [Fact]
    public async Task Every_overload_of_Stream_reads()
    {
        Writer.Write(new byte[10]);
        Assert.Equal(1, Reader.Read(_buffer, 99, 1));
#pragma warning disable CA1835 // The older overload is what is tested.
        Assert.Equal(2, await Reader.ReadAsync(_buffer, 5, 2, TestContext.Current.CancellationToken));
#pragma warning restore CA1835
        Assert.Equal(3, Reader.EndRead(Reader.BeginRead(_buffer, 0, 3, null, null)));
        Assert.Equal(0, Reader.ReadByte());
        Assert.Equal(3, Reader.BytesWaiting);
        Assert.Throws<ArgumentOutOfRangeException>(() => Reader.Read(_buffer, 99, 2));
    }

    [Fact]
    public void The_descriptor_stays_blocking_in_async_use()
    {
        Task<int> read = Reader.ReadAsync(_buffer).AsTask();
        Assert.False(read.IsCompleted);
        Assert.Equal(0, LibC.fcntl(Reader.Handle, LibC.F_GETFL) & LibC.O_NONBLOCK);
    }
}

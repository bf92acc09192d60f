using System.Diagnostics;
using System.Globalization;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Pipes;

public sealed class PipeWriteEndTests : IDisposable
{
    private const int Writers = 4;
    private const int Records = 500;

    private readonly AnonymousPipe _pipe = AnonymousPipe.Create();

    private PipeReadEnd Reader => _pipe.Reader;

    private PipeWriteEnd Writer => _pipe.Writer;

    public void Dispose() => _pipe.Dispose();

    [Fact]
    public async Task Writing_when_nobody_reads_throws_EPIPE_and_the_process_lives()
    {
        Reader.Dispose();
        Broken.Pipe(() => Writer.Write([1]));
        Broken.Pipe(() => Writer.TryWrite([1], TimeSpan.Zero, out _));
        PosixException error = await Broken.PipeAsync(() => Writer.WriteAsync(new byte[1]));
        Assert.Contains("Nobody reads", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_reader_that_closes_wakes_writers_with_EPIPE()
    {
        Fill();
        Blocked sync = Blocked.In(() => Writer.WriteByte(1));
        Blocked timed = Blocked.In(() => Writer.TryWrite([1], Timeout.InfiniteTimeSpan, out _));
        Task write = Writer.WriteAsync(new byte[1]).AsTask();
        Assert.False(write.IsCompleted);
        Reader.Dispose();
        Assert.Equal(Errno.EPIPE, Assert.Throws<PosixException>(sync.Join).Errno);
        Assert.Equal(Errno.EPIPE, Assert.Throws<PosixException>(timed.Join).Errno);
        Assert.Equal(Errno.EPIPE, (await Assert.ThrowsAsync<PosixException>(() => write.OrHang())).Errno);
    }

    [Fact]
    public void A_sync_write_of_more_than_fits_arrives_whole()
    {
        byte[] sent = RandomBytes(300_000);
        Blocked write = Blocked.In(() => Writer.Write(sent));
        byte[] received = new byte[sent.Length];
        Reader.ReadExactly(received);
        write.Join();
        Assert.Equal(sent, received);
    }

    [Fact]
    public async Task An_async_write_of_more_than_fits_arrives_whole()
    {
        byte[] sent = RandomBytes(300_000);
        byte[] received = new byte[sent.Length];
        Task write = Writer.WriteAsync(sent).AsTask();
        Assert.False(write.IsCompleted);
        await Reader.ReadExactlyAsync(received).OrHang();
        await write.OrHang();
        Assert.Equal(sent, received);
    }

    [Fact]
    public void A_timed_write_takes_what_fits_and_says_how_much()
    {
        Assert.True(Writer.TryWrite(new byte[100_000], TimeSpan.Zero, out int written));
        Assert.Equal(Writer.Capacity, written);
        Assert.False(Writer.TryWrite([1], TimeSpan.Zero, out written));
        Assert.Equal(0, written);
        Assert.Equal(Writer.Capacity, Reader.BytesWaiting);
    }

    [Fact]
    public void A_timed_write_into_a_full_pipe_is_never_early()
    {
        Fill();
        TimeSpan timeout = TimeSpan.FromMilliseconds(20);
        long start = Stopwatch.GetTimestamp();
        Assert.False(Writer.TryWrite([1], timeout, out _));
        Assert.True(Stopwatch.GetElapsedTime(start) >= timeout);
    }

    [Fact]
    public void Up_to_the_atomic_size_a_write_is_taken_whole_or_not_at_all()
    {
        int almostFull = Writer.Capacity - PipeWriteEnd.AtomicWriteMax + 1;
        Writer.Write(new byte[almostFull]);
        Assert.False(Writer.TryWrite(new byte[PipeWriteEnd.AtomicWriteMax], TimeSpan.Zero, out _));
        Assert.Equal(almostFull, Reader.BytesWaiting);
        Assert.True(Writer.TryWrite(new byte[PipeWriteEnd.AtomicWriteMax - 1], TimeSpan.Zero, out int written));
        Assert.Equal(PipeWriteEnd.AtomicWriteMax - 1, written);
    }

    [Fact]
    public async Task A_write_cancelled_before_its_first_byte_has_written_nothing()
    {
        Fill();
        using CancellationTokenSource cancel = new();
        Task write = Writer.WriteAsync(new byte[5], cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write.OrHang());
        Assert.Equal(Writer.Capacity, Reader.BytesWaiting);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Writer.WriteAsync(new byte[5], new CancellationToken(true)).AsTask());
    }

    [Fact]
    public async Task A_long_write_cancelled_in_the_middle_says_how_much_was_written()
    {
        using CancellationTokenSource cancel = new();
        Task write = Writer.WriteAsync(new byte[100_000], cancel.Token).AsTask();
        await cancel.CancelAsync();
        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write.OrHang());
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"{Reader.BytesWaiting} of 100000"), error.Message, StringComparison.Ordinal);
        Assert.Equal(cancel.Token, error.CancellationToken);
    }

    [Fact]
    public async Task Dispose_ends_an_async_write()
    {
        Fill();
        Task write = Writer.WriteAsync(new byte[1]).AsTask();
        Writer.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => write.OrHang());
    }

    [Fact]
    public async Task Every_overload_of_Stream_writes()
    {
        byte[] data = [1, 2, 3, 4, 5, 6];
        Writer.Write(data, 1, 1);
#pragma warning disable CA1835 // The older overload is what is tested.
        await Writer.WriteAsync(data, 2, 1, TestContext.Current.CancellationToken);
#pragma warning restore CA1835
        Writer.EndWrite(Writer.BeginWrite(data, 3, 1, null, null));
        Writer.WriteByte(5);
        Writer.Write([]);
        await Writer.WriteAsync(Memory<byte>.Empty, TestContext.Current.CancellationToken);
        Writer.Flush();
        await Writer.FlushAsync(TestContext.Current.CancellationToken);
        byte[] received = new byte[10];
        Assert.Equal(4, Reader.Read(received));
        Assert.Equal([2, 3, 4, 5], received[..4]);
        Assert.Throws<ArgumentOutOfRangeException>(() => Writer.Write(data, 5, 2));
    }

    [Fact]
    public async Task Writes_of_the_atomic_size_by_many_processes_never_mix()
    {
        using TemporaryDirectory directory = new();
        Fifo.Create(directory["fifo"]);
        using PipeReadEnd reader = Fifo.OpenRead(directory["fifo"], new FifoOpenOptions { KeepOpen = true });
        Child[] children = [.. Enumerable.Range(1, Writers).Select(
            i => Child.Start(WriteRecords, directory["fifo"], i.ToString(CultureInfo.InvariantCulture)))];
        int[] counts = new int[Writers + 1];
        byte[] record = new byte[PipeWriteEnd.AtomicWriteMax];
        for (int i = 0; i < Writers * Records; i++)
        {
            await reader.ReadExactlyAsync(record).OrHang();
            Assert.False(record.AsSpan().ContainsAnyExcept(record[0]), "Bytes of two writers stand in one record.");
            counts[record[0]]++;
        }
        Assert.All(counts[1..], count => Assert.Equal(Records, count));
        Assert.False(reader.TryRead(record, TimeSpan.Zero, out _));
        Array.ForEach(children, child => child.Dispose());
    }

    [Fact]
    public void What_a_killed_writer_had_written_stays_and_then_comes_the_end()
    {
        using TemporaryDirectory directory = new();
        Fifo.Create(directory["fifo"]);
        using PipeReadEnd reader = Fifo.OpenRead(directory["fifo"]);
        using Child child = Child.Start(WriteThenBlock, directory["fifo"]);
        Assert.Equal("full", child.ReadLine());
        child.Kill();
        using MemoryStream received = new();
        reader.CopyTo(received);
        Assert.Equal(65_536, received.Length);
    }

    [Fact]
    public async Task A_killed_reader_is_EPIPE_for_the_writer()
    {
        using TemporaryDirectory directory = new();
        Fifo.Create(directory["fifo"]);
        using Child child = Child.Start(ReadThenBlock, directory["fifo"]);
        using PipeWriteEnd writer = await Fifo.OpenWriteAsync(directory["fifo"]).OrHang();
        writer.WriteByte(1);
        Assert.Equal("1", child.ReadLine());
        child.Kill();
        Broken.Pipe(() => writer.WriteByte(1));
    }

    private static void WriteRecords(string[] args)
    {
        byte[] record = new byte[PipeWriteEnd.AtomicWriteMax];
        record.AsSpan().Fill(byte.Parse(args[1], CultureInfo.InvariantCulture));
        using PipeWriteEnd writer = Fifo.OpenWrite(args[0]);
        for (int i = 0; i < Records; i++)
        {
            writer.Write(record);
        }
    }

    private static void WriteThenBlock(string[] args)
    {
        using PipeWriteEnd writer = Fifo.OpenWrite(args[0]);
        writer.Write(new byte[65_536]);
        Console.WriteLine("full");
        writer.WriteByte(1);
    }

    private static void ReadThenBlock(string[] args)
    {
        using PipeReadEnd reader = Fifo.OpenRead(args[0]);
        Console.WriteLine(reader.ReadByte());
        reader.ReadByte();
    }

    private static byte[] RandomBytes(int count)
    {
        byte[] bytes = new byte[count];
        Random.Shared.NextBytes(bytes);
        return bytes;
    }

    private void Fill() => Writer.Write(new byte[Writer.Capacity]);
}

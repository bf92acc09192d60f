using System.Diagnostics.CodeAnalysis;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Channels;

/// <summary>What .NET expects of every stream.</summary>
[SuppressMessage("Performance", "CA1835", Justification = "All overloads are tested.")]
public sealed class SharedStreamContractTests : IDisposable
{
    private readonly StreamPair _pair = new();

    private Stream Stream => _pair.Second;

    public void Dispose() => _pair.Dispose();

    [Fact]
    public void It_has_no_position_and_no_length()
    {
        Assert.False(Stream.CanSeek);
        Assert.Throws<NotSupportedException>(() => Stream.Length);
        Assert.Throws<NotSupportedException>(() => Stream.Position);
        Assert.Throws<NotSupportedException>(() => Stream.Position = 0);
        Assert.Throws<NotSupportedException>(() => Stream.Seek(0, SeekOrigin.Begin));
        Assert.Throws<NotSupportedException>(() => Stream.SetLength(0));
    }

    [Fact]
    public async Task Arrays_are_checked_before_anything_happens()
    {
        byte[] array = new byte[4];
        Assert.Throws<ArgumentNullException>(() => Stream.Read(null!, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Stream.Read(array, -1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Stream.Read(array, 2, 3));
        Assert.Throws<ArgumentNullException>(() => Stream.Write(null!, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Stream.Write(array, 0, 5));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Stream.ReadAsync(array, 0, 5));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Stream.WriteAsync(array, 5, 0));
    }

    [Fact]
    public async Task Every_overload_reads_and_writes()
    {
        byte[] back = new byte[4];
        _pair.First.Write([1, 2, 3, 4, 5, 6, 7]);
        Assert.Equal(1, Stream.Read(back, 1, 1));
        Assert.Equal(1, await Stream.ReadAsync(back, 2, 1));
        Assert.Equal(1, await Task.Factory.FromAsync(Stream.BeginRead, Stream.EndRead, back, 3, 1, null));
        Assert.Equal([0, 1, 2, 3], back);
        await Stream.ReadExactlyAsync(back);
        Assert.Equal([4, 5, 6, 7], back);
        Stream.Write(back, 1, 1);
        await Stream.WriteAsync(back, 2, 1);
        await Task.Factory.FromAsync(Stream.BeginWrite, Stream.EndWrite, back, 3, 1, null);
        await Stream.WriteAsync(back.AsMemory(0, 1));
        Assert.Equal(4, _pair.First.ReadAtLeast(back, 4));
        Assert.Equal([5, 6, 7, 4], back);
    }

    [Fact]
    public async Task Flushing_does_nothing_for_nothing_is_buffered()
    {
        Stream.WriteByte(1);
        Assert.Equal(1, _pair.First.ReadByte());
        Stream.Flush();
        await Stream.FlushAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Stream.FlushAsync(new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task It_can_be_wrapped_and_copied()
    {
        Task writing = Task.Run(async () =>
        {
            await using StreamWriter writer = new(_pair.First, leaveOpen: false);
            for (int line = 0; line < 2000; line++)
            {
                await writer.WriteLineAsync($"line {line}");
            }
        });
        using StreamReader reader = new(Stream);
        for (int line = 0; line < 2000; line++)
        {
            Assert.Equal($"line {line}", await reader.ReadLineAsync().OrHang());
        }
        Assert.Null(await reader.ReadLineAsync().OrHang());
        await writing.OrHang();
    }

    [Fact]
    public async Task DisposeAsync_closes_it_too()
    {
        await Stream.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => Stream.Read(new byte[1]));
        Assert.Equal(SharedStreamEnd.Closed, _pair.First.PeerEnd);
    }
}

using Isthmus.Native;
using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Events;

public sealed class PollableHandleTests
{
    [Fact]
    public async Task Async_and_timed_calls_leave_a_pipe_blocking_for_those_who_share_it()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        byte[] buffer = new byte[8];
        ValueTask<int> read = pipe.Reader.ReadAsync(buffer);
        await pipe.Writer.WriteAsync(new byte[8]);
        await read.OrHang();
        Assert.False(pipe.Reader.TryRead(buffer, TimeSpan.Zero, out _));
        Assert.False(IsNonBlocking(pipe.Reader.Handle));
        Assert.False(IsNonBlocking(pipe.Writer.Handle));
    }

    [Fact]
    public async Task What_cannot_be_asked_for_one_call_is_made_non_blocking_and_sync_calls_still_block()
    {
        // eventfd has no write that can be asked not to wait.
        using SafeFileHandle fd = LibC.Check(LibC.eventfd(0, LibC.EFD_CLOEXEC));
        using PollableHandle pollable = new(fd);
        byte[] most = BitConverter.GetBytes(ulong.MaxValue - 1);
        byte[] one = BitConverter.GetBytes(1UL);
        Assert.Equal(8, await pollable.RunAsync<MemoryWrite, int>(new MemoryWrite(most), default));
        ValueTask<int> overflow = pollable.RunAsync<MemoryWrite, int>(new MemoryWrite(one), default);
        Assert.False(overflow.IsCompleted);
        Assert.True(IsNonBlocking(fd));

        byte[] value = new byte[8];
        Assert.Equal(8, pollable.Run<SpanRead, int>(new SpanRead(value)));
        Assert.Equal(8, await overflow.OrHang());
        Assert.Equal(8, pollable.Run<SpanRead, int>(new SpanRead(value)));
        Assert.Equal(1UL, BitConverter.ToUInt64(value));

        Task<int> blocked = Task.Run(() => pollable.Run<SpanRead, int>(new SpanRead(value)));
        pollable.Run<SpanWrite, int>(new SpanWrite(one));
        Assert.Equal(8, await blocked.OrHang());
    }

    [Fact]
    public async Task Dispose_ends_the_waits_and_closes_the_descriptor()
    {
        AnonymousPipe pipe = AnonymousPipe.Create();
        using PipeWriteEnd writer = pipe.Writer;
        Task<int> read = pipe.Reader.ReadAsync(new byte[1]).AsTask();
        pipe.Reader.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => read.OrHang());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pipe.Reader.ReadAsync(new byte[1]).OrHang());
        Assert.Throws<ObjectDisposedException>(() => pipe.Reader.Read(new byte[1]));
    }

    [Fact]
    public void A_timeout_is_never_early()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        TimeSpan timeout = TimeSpan.FromMilliseconds(30);
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        Assert.False(pipe.Reader.TryRead(new byte[1], timeout, out _));
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(start) >= timeout);
    }

    private static bool IsNonBlocking(SafeFileHandle handle) => (LibC.Check(LibC.fcntl(handle, LibC.F_GETFL)) & LibC.O_NONBLOCK) != 0;
}

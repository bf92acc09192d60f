using System.IO.Pipes;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Events;

public sealed class EventLoopTests
{
    [Fact]
    public async Task Wait_completes_when_the_descriptor_becomes_readable()
    {
        using AnonymousPipeServerStream writer = new(PipeDirection.Out);
        using AnonymousPipeClientStream reader = new(PipeDirection.In, writer.ClientSafePipeHandle);
        Task wait = EventLoop.WaitReadableAsync(reader.SafePipeHandle).AsTask();
        Assert.False(wait.IsCompleted);

        writer.WriteByte(1);

        await wait.OrHang();
        Assert.Equal(1, reader.ReadByte());
    }

    [Fact]
    public async Task Wait_completes_at_once_when_the_descriptor_is_ready_already()
    {
        using AnonymousPipeServerStream writer = new(PipeDirection.Out);
        using AnonymousPipeClientStream reader = new(PipeDirection.In, writer.ClientSafePipeHandle);
        writer.WriteByte(1);
        await EventLoop.WaitReadableAsync(reader.SafePipeHandle).OrHang();
        await EventLoop.WaitWritableAsync(writer.SafePipeHandle).OrHang();
    }

    [Fact]
    public async Task Hang_up_of_the_writer_makes_the_reader_ready()
    {
        AnonymousPipeServerStream writer = new(PipeDirection.Out);
        using AnonymousPipeClientStream reader = new(PipeDirection.In, writer.ClientSafePipeHandle);
        Task wait = EventLoop.WaitReadableAsync(reader.SafePipeHandle).AsTask();
        writer.Dispose();
        await wait.OrHang();
    }

    [Fact]
    public async Task A_cancelled_wait_throws_and_leaves_the_descriptor_usable()
    {
        using AnonymousPipeServerStream writer = new(PipeDirection.Out);
        using AnonymousPipeClientStream reader = new(PipeDirection.In, writer.ClientSafePipeHandle);
        using CancellationTokenSource cancel = new();
        Task wait = EventLoop.WaitReadableAsync(reader.SafePipeHandle, cancel.Token).AsTask();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        writer.WriteByte(7);
        Assert.Equal(7, reader.ReadByte());
    }

    [Fact]
    public async Task A_token_that_is_cancelled_already_refuses_even_a_ready_descriptor()
    {
        using AnonymousPipeServerStream writer = new(PipeDirection.Out);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => EventLoop.WaitWritableAsync(writer.SafePipeHandle, new CancellationToken(true)).AsTask());
    }

    [Fact]
    public async Task A_regular_file_is_always_ready()
    {
        using TemporaryDirectory directory = new();
        using FileStream file = File.Create(directory["file"]);
        await EventLoop.WaitReadableAsync(file.SafeFileHandle).OrHang();
    }

    [Fact]
    public async Task Thousands_wait_at_once_and_each_wakes_for_its_own_descriptor()
    {
        const int Count = 2000;
        AnonymousPipeServerStream[] writers = [.. Enumerable.Range(0, Count).Select(_ => new AnonymousPipeServerStream(PipeDirection.Out))];
        AnonymousPipeClientStream[] readers =
            [.. writers.Select(writer => new AnonymousPipeClientStream(PipeDirection.In, writer.ClientSafePipeHandle))];
        Task[] waits = [.. readers.Select(reader => EventLoop.WaitReadableAsync(reader.SafePipeHandle).AsTask())];

        for (int i = 0; i < Count; i += 2)
        {
            writers[i].WriteByte(1);
        }

        await Task.WhenAll(waits.Where((_, i) => i % 2 == 0)).OrHang();
        Assert.DoesNotContain(waits.Where((_, i) => i % 2 == 1), wait => wait.IsCompleted);
        foreach (AnonymousPipeServerStream writer in writers)
        {
            writer.Dispose();
        }
        await Task.WhenAll(waits).OrHang();
        Array.ForEach(readers, reader => reader.Dispose());
    }

    [Fact]
    public async Task Continuations_never_run_on_the_loop_thread()
    {
        using AnonymousPipeServerStream writer = new(PipeDirection.Out);
        using AnonymousPipeClientStream reader = new(PipeDirection.In, writer.ClientSafePipeHandle);
        Task<bool> onPool = AwaitThenLook();
        writer.WriteByte(1);
        Assert.True(await onPool.OrHang());

        async Task<bool> AwaitThenLook()
        {
            await EventLoop.WaitReadableAsync(reader.SafePipeHandle);
            return Thread.CurrentThread.IsThreadPoolThread;
        }
    }
}

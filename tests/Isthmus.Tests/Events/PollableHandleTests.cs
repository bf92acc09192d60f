using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Isthmus.Native;
using Isthmus.Tests.Harness;
using Isthmus.Tests.Processes;
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
        using PollableHandle pollable = new(fd, typeof(EventFd));
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

    [Fact]
    public async Task An_edge_that_comes_between_the_try_and_the_wait_of_a_second_reader_wakes_it_too()
    {
        using SafeFileHandle fd = LibC.Check(LibC.eventfd(0, LibC.EFD_CLOEXEC | LibC.EFD_SEMAPHORE));
        using PollableHandle pollable = new(fd, typeof(EventFd));
        Task<ulong> first = pollable.RunAsync<CounterRead, ulong>(default, default).AsTask();
        // The second reader finds nothing; then two units come, and the first reader takes one of them.
        Hooked second = new(() =>
        {
            pollable.Run<CounterWrite, int>(new CounterWrite(2));
            Assert.True(first.Wait(Child.Limit));
        });
        Assert.Equal(1UL, await pollable.RunAsync<Hooked, ulong>(second, default).OrHang());
    }

    [Fact]
    public async Task A_wait_that_begins_while_the_object_is_being_disposed_ends()
    {
        Task<ulong>? late = null;
        PollableHandle? pollable = null;
        ClosingHandle fd = new(LibC.Check(LibC.eventfd(0, LibC.EFD_CLOEXEC)));
        fd.Closing = () => late = pollable!.RunAsync<CounterRead, ulong>(default, default).AsTask();
        pollable = new PollableHandle(fd, typeof(EventFd));

        pollable.Dispose();

        ObjectDisposedException error = await Assert.ThrowsAsync<ObjectDisposedException>(() => late!.OrHang());
        Assert.Equal("Isthmus.EventFd", error.ObjectName);
    }

    [Fact]
    public async Task Interrupted_for_ever_a_call_still_ends_at_its_deadline_and_when_it_is_cancelled()
    {
        using SafeFileHandle fd = LibC.Check(LibC.eventfd(0, LibC.EFD_CLOEXEC));
        using PollableHandle pollable = new(fd, typeof(EventFd));
        using CancellationTokenSource cancel = new();
        Task<bool> timed = Task.Run(() => pollable.TryRun(new AlwaysInterrupted(() => { }), Deadline.After(TimeSpan.FromMilliseconds(1)), out int _));
        Assert.False(await timed.OrHang());

        AlwaysInterrupted cancelling = new(cancel.Cancel);
        Task<int> cancelled = Task.Run(async () => await pollable.RunAsync<AlwaysInterrupted, int>(cancelling, cancel.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.OrHang());
    }

    [Fact]
    public void Without_a_descriptor_for_the_event_loop_a_wait_fails_and_a_later_one_succeeds()
    {
        using Child child = Child.Start(NoDescriptorBody);
        Assert.Equal("IOException 7", child.ReadLine());
        Assert.Equal(0, child.WaitForExit());
    }

    private static void NoDescriptorBody(string[] args)
    {
        using EventFd counter = EventFd.Create();
        string? refused = WaitWithoutDescriptors(counter);
        // The watch that could not be made has a finalizer.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Task<ulong> read = counter.ReadAsync().AsTask();
        counter.Write(7);
        Console.WriteLine($"{refused} {read.OrHang().GetAwaiter().GetResult()}");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string? WaitWithoutDescriptors(EventFd counter)
    {
        using FewDescriptors none = FewDescriptors.Leave(0);
        Exception? error = Record.Exception(() => counter.ReadAsync().AsTask().GetAwaiter().GetResult());
        return error is PosixException { Errno: Errno.EMFILE } ? nameof(IOException) : error?.ToString();
    }

    private static bool IsNonBlocking(SafeFileHandle handle) => (LibC.Check(LibC.fcntl(handle, LibC.F_GETFL)) & LibC.O_NONBLOCK) != 0;

    /// <summary>Reads a counter; the first try finds nothing, and what is to happen then happens before it returns.</summary>
    private readonly struct Hooked(Action action) : IPollOperation<ulong>
    {
        private readonly StrongBox<Action?> _action = new(action);

        public Readiness Readiness => Readiness.Readable;

        public PollOutcome Run(SafeHandle handle, bool noWait, out ulong result)
        {
            PollOutcome outcome = default(CounterRead).Run(handle, noWait, out result);
            Interlocked.Exchange(ref _action.Value, null)?.Invoke();
            return outcome;
        }
    }

    private readonly struct AlwaysInterrupted(Action action) : IPollOperation<int>
    {
        public Readiness Readiness => Readiness.Readable;

        public PollOutcome Run(SafeHandle handle, bool noWait, out int result)
        {
            action();
            result = 0;
            return PollOutcome.Interrupted;
        }
    }

    /// <summary>Says when it is about to close.</summary>
    private sealed class ClosingHandle(SafeFileHandle inner) : SafeHandle(inner.DangerousGetHandle(), ownsHandle: true)
    {
        public Action? Closing { get; set; }

        public override bool IsInvalid => false;

        protected override void Dispose(bool disposing)
        {
            Closing?.Invoke();
            Closing = null;
            base.Dispose(disposing);
        }

        protected override bool ReleaseHandle()
        {
            inner.Dispose();
            return true;
        }
    }
}

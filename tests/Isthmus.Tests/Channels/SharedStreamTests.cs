using System.Diagnostics;
using Isthmus.Tests.Harness;
using Isthmus.Tests.Pipes;
using Isthmus.Tests.Segments;

namespace Isthmus.Tests.Channels;

public sealed class SharedStreamTests : IDisposable
{
    private readonly StreamPair _pair = new();
    private readonly byte[] _buffer = new byte[100];

    private SharedStream First => _pair.First;

    private SharedStream Second => _pair.Second;

    public void Dispose() => _pair.Dispose();

    [Fact]
    public void Each_end_reads_what_the_other_writes()
    {
        First.Write([1, 2, 3]);
        Second.WriteByte(9);
        Assert.Equal(9, First.ReadByte());
        Assert.Equal(3, Second.Read(_buffer));
        Assert.Equal([1, 2, 3], _buffer[..3]);
        Assert.True(First is { CanRead: true, CanWrite: true, CanTimeout: true, CanSeek: false, IsFirst: true });
        Assert.Equal((SharedStreamEnd.Open, SharedStreamEnd.Open), (First.PeerEnd, Second.PeerEnd));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(100_000)]
    public async Task All_that_is_written_comes_in_its_order_whatever_the_sizes(int piece)
    {
        byte[] data = new byte[300_000];
        new Random(piece).NextBytes(data);
        Task writing = Task.Run(() =>
        {
            for (int at = 0; at < data.Length; at += piece)
            {
                First.Write(data.AsSpan(at, Math.Min(piece, data.Length - at)));
            }
            First.CloseWrite();
        });
        MemoryStream read = new();
        await Second.CopyToAsync(read, 5000).OrHang();
        await writing.OrHang();
        Assert.Equal(data, read.ToArray());
    }

    [Fact]
    public void While_nobody_sleeps_nobody_is_woken_and_the_words_of_sleepers_are_left_alone()
    {
        for (int round = 0; round < 10_000; round++)
        {
            First.Write(_buffer);
            Second.ReadExactly(_buffer);
            Second.Write(_buffer);
            First.ReadExactly(_buffer);
        }
        foreach (int direction in (int[])[0, 1])
        {
            Assert.Equal(0UL, First.Segment.Memory.Load(StreamWord.ReaderWait(direction)));
            Assert.Equal(0UL, First.Segment.Memory.Load(StreamWord.WriterWait(direction)));
        }
    }

    [Fact]
    public void A_sleeper_is_woken_once_however_much_is_written_before_it_looks()
    {
        ulong Version() => WaiterFlags.Without(First.Segment.Memory.Load(StreamWord.ReaderWait(0)));
        Blocked reading = Blocked.In(() => Assert.Equal(1, Second.Read(_buffer.AsSpan(0, 1))));
        First.WriteByte(1);
        reading.Join();
        for (int i = 0; i < 100; i++)
        {
            First.WriteByte(2);
        }
        Assert.Equal(1UL, Version());
    }

    [Fact]
    public void A_writer_that_waits_is_woken_for_room_worth_waking_for()
    {
        First.Write(new byte[4096]);
        Blocked writing = Blocked.In(() => First.Write(new byte[4096]));
        Second.ReadExactly(new byte[2047]);
        // Its flag stands still: it was not woken.
        Assert.NotEqual(Waiters.None, WaiterFlags.Of(First.Segment.Memory.Load(StreamWord.WriterWait(0))));
        Second.ReadByte();
        Second.ReadExactly(new byte[4096 + 2048]);
        writing.Join();
        Assert.False(Second.TryRead(_buffer, out _));
    }

    [Fact]
    public async Task Both_ways_go_at_once()
    {
        byte[] data = new byte[200_000];
        Random.Shared.NextBytes(data);
        byte[] first = new byte[data.Length], second = new byte[data.Length];
        CancellationToken token = TestContext.Current.CancellationToken;
        await Task.WhenAll(
            First.WriteAsync(data, token).AsTask(),
            Second.WriteAsync(data, token).AsTask(),
            First.ReadExactlyAsync(first, token).AsTask(),
            Second.ReadExactlyAsync(second, token).AsTask()).OrHang();
        Assert.Equal(data, first);
        Assert.Equal(data, second);
    }

    [Fact]
    public async Task Reading_what_was_closed_is_the_end_in_every_form()
    {
        First.Write([1]);
        First.CloseWrite();
        First.CloseWrite();
        Assert.Equal(1, Second.Read(_buffer));
        Assert.Equal(0, Second.Read(_buffer));
        Assert.Equal(-1, Second.ReadByte());
        Assert.True(Second.TryRead(_buffer, out int count));
        Assert.True(Second.TryRead(_buffer, TimeSpan.Zero, out int timed));
        Assert.Equal((0, 0), (count, timed));
        Assert.Equal(0, await Second.ReadAsync(_buffer).OrHang());
        Assert.Equal(0, Second.Read([]));
    }

    [Fact]
    public void An_end_that_writes_no_more_reads_on()
    {
        First.CloseWrite();
        Assert.False(First.CanWrite);
        Assert.True(Second.PeerHasClosedWrite);
        Assert.Equal(SharedStreamEnd.Open, Second.PeerEnd);
        Assert.Throws<InvalidOperationException>(() => First.WriteByte(1));
        Assert.Equal(-1, Second.ReadByte());
        Second.WriteByte(3);
        Assert.Equal(3, First.ReadByte());
    }

    [Fact]
    public async Task CloseWrite_ends_a_read_that_waits()
    {
        Blocked blocked = Blocked.In(() => Assert.Equal(0, Second.Read(_buffer)));
        First.CloseWrite();
        blocked.Join();
        Task<int> reading = First.ReadAsync(_buffer).AsTask();
        Second.CloseWrite();
        Assert.Equal(0, await reading.OrHang());
    }

    [Fact]
    public void After_the_other_end_was_disposed_what_it_wrote_is_read_and_a_write_is_EPIPE()
    {
        First.Write([1, 2]);
        First.Dispose();
        Broken.Pipe(() => Second.WriteByte(1));
        Assert.False(Second.PeerHasClosedWrite && Second.PeerEnd != SharedStreamEnd.Closed);
        Assert.Equal(2, Second.Read(_buffer));
        Assert.Equal(0, Second.Read(_buffer));
        Assert.Equal(SharedStreamEnd.Closed, Second.PeerEnd);
        Assert.True(Second.PeerHasClosedWrite);
    }

    [Fact]
    public async Task Dispose_of_the_other_end_ends_what_waits()
    {
        Blocked reading = Blocked.In(() => Assert.Equal(0, Second.Read(_buffer)));
        Task writing = Second.WriteAsync(new byte[10_000]).AsTask();
        Assert.False(writing.IsCompleted);
        First.Dispose();
        reading.Join();
        PosixException error = await Assert.ThrowsAsync<PosixException>(() => writing.OrHang());
        Assert.Equal(Errno.EPIPE, error.Errno);
    }

    [Fact]
    public async Task Dispose_ends_what_waits_at_this_end()
    {
        Blocked reading = Blocked.In(() => Assert.Throws<ObjectDisposedException>(() => Second.Read(_buffer)));
        Task writing = Second.WriteAsync(new byte[10_000]).AsTask();
        Second.Dispose();
        reading.Join();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => writing.OrHang());
        Assert.Throws<ObjectDisposedException>(() => Second.ReadByte());
        Assert.Throws<ObjectDisposedException>(() => Second.WriteByte(1));
        Assert.Throws<ObjectDisposedException>(Second.CloseWrite);
        Assert.Throws<ObjectDisposedException>(() => Second.PeerEnd);
        Assert.False(Second.CanRead || Second.CanWrite);
        Second.Dispose();
    }

    [Fact]
    public async Task An_end_that_was_lost_without_Dispose_has_died_and_what_it_wrote_is_read()
    {
        First.Write([7]);
        First.Segment.Die(Second.Segment);
        Assert.Equal(7, Second.ReadByte());
        Task<int> reading = Task.Factory.StartNew(() => Second.Read(_buffer), TaskCreationOptions.LongRunning);
        // Nobody rings when a participant of the own process is lost: it is asked for, or found once a second.
        Second.Segment.Recover(0);
        Assert.Equal(0, await reading.OrHang());
        Assert.Equal((SharedStreamEnd.Died, false), (Second.PeerEnd, Second.PeerHasClosedWrite));
        Broken.Pipe(() => Second.WriteByte(1));
    }

    [Fact]
    public async Task An_async_read_waits_until_a_byte_comes()
    {
        Task<int> read = Second.ReadAsync(_buffer).AsTask();
        Assert.False(read.IsCompleted);
        await First.WriteAsync(new byte[] { 5 });
        Assert.Equal(1, await read.OrHang());
        Assert.Equal(5, _buffer[0]);
    }

    [Fact]
    public async Task A_cancelled_read_takes_nothing()
    {
        for (byte i = 0; i < 100; i++)
        {
            using CancellationTokenSource cancel = new();
            Task<int> read = Second.ReadAsync(_buffer, cancel.Token).AsTask();
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.OrHang());
            First.WriteByte(i);
            Assert.Equal(i, Second.ReadByte());
        }
    }

    [Fact]
    public async Task A_read_whose_cancellation_races_with_the_byte_takes_it_or_leaves_it()
    {
        for (byte i = 0; i < 200; i++)
        {
            using CancellationTokenSource cancel = new();
            Task<int> read = Second.ReadAsync(_buffer, cancel.Token).AsTask();
            Task cancelling = Task.Run(cancel.Cancel, TestContext.Current.CancellationToken);
            First.WriteByte(i);
            byte value = await Record.ExceptionAsync(() => read.OrHang()) is null ? _buffer[0] : (byte)Second.ReadByte();
            Assert.Equal(i, value);
            await cancelling;
        }
    }

    [Fact]
    public async Task A_token_that_was_cancelled_before_is_cancelled_and_does_nothing()
    {
        CancellationToken cancelled = new(canceled: true);
        First.WriteByte(1);
        Assert.True(Second.ReadAsync(_buffer, cancelled).AsTask().IsCanceled);
        Assert.True(Second.WriteAsync(_buffer, cancelled).AsTask().IsCanceled);
        Assert.Equal(1, await Second.ReadAsync(_buffer));
        Assert.False(First.TryRead(_buffer, out _));
    }

    [Fact]
    public async Task A_cancelled_write_says_how_much_was_written()
    {
        using CancellationTokenSource cancel = new();
        Task writing = First.WriteAsync(new byte[5000], cancel.Token).AsTask();
        await cancel.CancelAsync();
        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.OrHang());
        Assert.Contains("4096 of 5000", error.Message, StringComparison.Ordinal);
        byte[] all = new byte[5000];
        Assert.Equal(4096, Second.Read(all));
        Assert.False(Second.TryRead(all, out _));
    }

    [Fact]
    public void A_timed_read_says_no_when_nothing_came_and_never_early()
    {
        Assert.False(Second.TryRead(_buffer, out _));
        Assert.False(Second.TryRead(_buffer, TimeSpan.Zero, out _));
        TimeSpan timeout = TimeSpan.FromMilliseconds(20);
        long start = Stopwatch.GetTimestamp();
        Assert.False(Second.TryRead(_buffer, timeout, out _));
        Assert.True(Stopwatch.GetElapsedTime(start) >= timeout);
        First.WriteByte(9);
        Assert.True(Second.TryRead(_buffer, TimeSpan.Zero, out int count));
        Assert.Equal((1, 9), (count, _buffer[0]));
    }

    [Fact]
    public void A_timed_write_takes_what_there_is_room_for()
    {
        Assert.True(First.TryWrite(new byte[5000], TimeSpan.Zero, out int written));
        Assert.Equal(4096, written);
        Assert.False(First.TryWrite([1], TimeSpan.Zero, out written));
        Assert.False(First.TryWrite([1], TimeSpan.FromMilliseconds(5), out written));
        Assert.Equal(0, written);
        Second.ReadExactly(_buffer);
        Assert.True(First.TryWrite(new byte[5000], TimeSpan.FromSeconds(1), out written));
        Assert.Equal(100, written);
        Assert.True(First.TryWrite([], TimeSpan.Zero, out written));
    }

    [Fact]
    public void The_timeouts_of_a_stream_hold_for_its_blocking_calls()
    {
        Second.ReadTimeout = 5;
        Assert.Throws<TimeoutException>(() => Second.Read(_buffer));
        First.WriteTimeout = 5;
        Assert.Contains("4096 of 6000", Assert.Throws<TimeoutException>(() => First.Write(new byte[6000])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => First.ReadTimeout = 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => First.WriteTimeout = -2);
        Second.ReadTimeout = Timeout.Infinite;
        Second.ReadExactly(new byte[4096]);
    }

    [Fact]
    public async Task A_read_into_an_empty_buffer_waits_and_takes_nothing()
    {
        Task<int> read = Second.ReadAsync(Memory<byte>.Empty).AsTask();
        Assert.False(read.IsCompleted);
        First.WriteByte(4);
        Assert.Equal(0, await read.OrHang());
        Assert.Equal(0, Second.Read([]));
        Assert.Equal(4, Second.ReadByte());
    }

    [Fact]
    public async Task A_second_reader_or_writer_at_once_is_refused_and_harms_nobody()
    {
        Task<int> read = Second.ReadAsync(_buffer).AsTask();
        Assert.Throws<InvalidOperationException>(() => Second.ReadByte());
        Assert.Throws<InvalidOperationException>(() => Second.TryRead(_buffer, out _));
        Task write = First.WriteAsync(new byte[5000]).AsTask();
        Assert.Equal(100, await read.OrHang());
        Assert.Throws<InvalidOperationException>(() => First.WriteByte(1));
        Assert.Throws<InvalidOperationException>(First.CloseWrite);
        Second.ReadExactly(new byte[4900]);
        await write.OrHang();
        First.WriteByte(8);
        Assert.Equal(8, Second.ReadByte());
    }

    [Fact]
    public void The_other_end_may_come_later_and_find_all_that_was_written()
    {
        using TemporaryName name = new();
        SharedStream first = SharedStream.Create(name);
        Assert.Equal(SharedStreamEnd.Awaited, first.PeerEnd);
        Assert.False(first.TryWaitForPeer(TimeSpan.Zero));
        first.Write([1, 2, 3]);
        first.Dispose();
        using SharedStream second = SharedStream.Open(name);
        Assert.Equal(3, second.Read(_buffer));
        Assert.Equal(0, second.Read(_buffer));
        Assert.Equal((false, SharedStreamEnd.Closed), (second.IsFirst, second.PeerEnd));
    }

    [Fact]
    public async Task Who_waits_for_the_other_end_goes_on_when_it_comes()
    {
        using TemporaryName name = new();
        using SharedStream first = SharedStream.Create(name);
        Blocked blocked = Blocked.In(first.WaitForPeer);
        Task awaiting = first.WaitForPeerAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.False(awaiting.IsCompleted);
        using SharedStream second = SharedStream.Open(name);
        blocked.Join();
        await awaiting.OrHang();
        Assert.True(first.TryWaitForPeer(TimeSpan.Zero));
        Assert.True(second.TryWaitForPeer(TimeSpan.Zero));
    }

    [Fact]
    public void Each_end_is_had_once()
    {
        using TemporaryName name = new();
        using SharedStream first = SharedStream.Create(name);
        SharedStream second = SharedStream.Open(name);
        Assert.Equal(Errno.EBUSY, Assert.Throws<PosixException>(() => SharedStream.Open(name)).Errno);
        second.Dispose();
        Assert.Equal(Errno.EBUSY, Assert.Throws<PosixException>(() => SharedStream.Open(name)).Errno);
        Assert.Equal(SharedStreamEnd.Closed, first.PeerEnd);
        Assert.Equal(Errno.EEXIST, Assert.Throws<PosixException>(() => SharedStream.Create(name)).Errno);
    }

    [Fact]
    public void A_stream_that_was_prepared_is_for_two_others()
    {
        using TemporaryName name = new();
        SharedStream.Prepare(name, new() { CapacityBytes = 8192 });
        Assert.Empty(SharedStream.GetStatus(name).Participants);
        using SharedStream first = SharedStream.Open(name);
        Assert.Equal((true, SharedStreamEnd.Awaited, 8192), (first.IsFirst, first.PeerEnd, first.Capacity));
        using SharedStream second = SharedStream.Open(name);
        second.WriteByte(1);
        Assert.Equal(1, first.ReadByte());
        Assert.Equal(Errno.EBUSY, Assert.Throws<PosixException>(() => SharedStream.Open(name)).Errno);
        using Microsoft.Win32.SafeHandles.SafeFileHandle unnamed = SharedStream.PrepareUnnamed();
        using SharedStream third = SharedStream.OpenUnnamed(unnamed), fourth = SharedStream.OpenUnnamed(unnamed);
        Assert.Equal((true, false), (third.IsFirst, fourth.IsFirst));
    }

    [Fact]
    public void Two_that_open_or_create_meet()
    {
        using TemporaryName name = new();
        using SharedStream one = SharedStream.OpenOrCreate(name, new() { CapacityBytes = 8192 });
        Assert.Throws<InvalidDataException>(() => SharedStream.OpenOrCreate(name, new() { CapacityBytes = 4096 }));
        using TemporaryName other = new();
        using SharedStream first = SharedStream.OpenOrCreate(other);
        using SharedStream second = SharedStream.OpenOrCreate(other);
        Assert.Equal((true, false), (first.IsFirst, second.IsFirst));
        first.WriteByte(1);
        Assert.Equal(1, second.ReadByte());
    }

    [Fact]
    public void OpenOrCreate_replaces_a_stream_that_nobody_can_have_any_more_and_no_other()
    {
        using TemporaryName name = new();
        SharedStream first = SharedStream.OpenOrCreate(name), second = SharedStream.OpenOrCreate(name);
        first.WriteByte(1);
        first.Dispose();
        Assert.Equal(Errno.EBUSY, Assert.Throws<PosixException>(() => SharedStream.OpenOrCreate(name)).Errno);
        second.Dispose();
        using SharedStream next = SharedStream.OpenOrCreate(name);
        Assert.True(next.IsFirst);
        Assert.False(next.Segment.HasLostName);
        Assert.False(next.TryRead(_buffer, out _));
    }

    [Theory]
    [InlineData(0, 4096)]
    [InlineData(4095, 4096)]
    [InlineData(5000, 8192)]
    [InlineData(int.MaxValue, SharedStream.CapacityMax)]
    [InlineData(-1, 4096)]
    public void A_capacity_that_does_not_do_is_refused_with_the_one_that_would(int capacity, int fits)
    {
        ArgumentException error = Assert.Throws<ArgumentOutOfRangeException>(() => new SharedStreamOptions { CapacityBytes = capacity });
        Assert.Contains($"{fits} would do", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Status_tells_who_has_the_ends_and_what_is_in_it_and_takes_none()
    {
        using TemporaryName name = new();
        using SharedStream first = SharedStream.Create(name);
        first.Write(_buffer);
        SharedStreamStatus status = SharedStream.GetStatus(name);
        Assert.Equal((64 * 1024, 1), (status.CapacityBytes, status.Participants.Count));
        Assert.Equal((SharedStreamEnd.Open, SharedStreamEnd.Awaited), (status.First.State, status.Second.State));
        Assert.Equal((100, 100, false), (status.First.BytesWritten, status.First.BytesUnread, status.First.HasClosedWrite));
        Assert.Equal(Environment.ProcessId, status.First.Participant?.Process.Id);
        Assert.Null(status.Second.Participant);
        using SharedStream second = SharedStream.Open(name);
        second.ReadExactly(new byte[30]);
        first.CloseWrite();
        SharedStreamEndStatus end = second.GetStatus().First;
        Assert.Equal((100, 70, true), (end.BytesWritten, end.BytesUnread, end.HasClosedWrite));
    }

    [Fact]
    public async Task As_a_duplex_pipe_it_carries_both_ways_and_completing_the_writer_is_the_end()
    {
        System.IO.Pipelines.IDuplexPipe first = First.AsDuplexPipe(), second = Second.AsDuplexPipe();
        await first.Output.WriteAsync(new byte[] { 1, 2, 3 });
        System.IO.Pipelines.ReadResult read = await second.Input.ReadAsync();
        Assert.Equal(3, read.Buffer.Length);
        second.Input.AdvanceTo(read.Buffer.GetPosition(2));
        await first.Output.CompleteAsync();
        read = await second.Input.ReadAtLeastAsync(2);
        Assert.Equal((1, true), (read.Buffer.Length, read.IsCompleted));
        second.Input.AdvanceTo(read.Buffer.End);
        await second.Output.WriteAsync(new byte[] { 4 });
        Assert.Equal(4, First.ReadByte());
        await second.Input.CompleteAsync();
        await second.Output.CompleteAsync();
        Assert.Equal(-1, First.ReadByte());
        Assert.True(First.CanRead);
    }
}

using System.Runtime.InteropServices;
using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Channels;

/// <summary>
/// A peer that scribbles over everything it may write: the other end comes to a documented error or goes on; it never crashes, never hangs over its
/// deadline, and touches nothing but what is its own.
/// </summary>
public sealed class HostileStreamTests : IDisposable
{
    private const int Capacity = 4096;

    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(1);

    private readonly TemporaryDirectory _directory = new();
    private readonly byte[] _buffer = new byte[3000];

    private string File => _directory["x"];

    private SharedStreamOptions Options => new() { Directory = _directory.Root, CapacityBytes = Capacity };

    public void Dispose() => _directory.Dispose();

    public static TheoryData<string, int> Words => new()
    {
        { "first", StreamWord.End(0) },
        { "second", StreamWord.End(1) },
        { "written 0", StreamWord.Written(0) },
        { "reader's wait 0", StreamWord.ReaderWait(0) },
        { "read 0", StreamWord.Read(0) },
        { "writer's wait 0", StreamWord.WriterWait(0) },
        { "written 1", StreamWord.Written(1) },
        { "reader's wait 1", StreamWord.ReaderWait(1) },
        { "read 1", StreamWord.Read(1) },
        { "writer's wait 1", StreamWord.WriterWait(1) },
        { "writer's want 0", StreamWord.WriterWant(0) },
        { "writer's want 1", StreamWord.WriterWant(1) },
    };

    [Theory]
    [MemberData(nameof(Words))]
    public void Garbage_in_a_word_is_a_documented_error_or_does_no_harm(string name, int word)
    {
        foreach (ulong garbage in (ulong[])
            [0, 1, 2, 3, 5000, 1UL << 30, 1UL << 31, 3UL << 30, 1UL << 62, 1UL << 63, ulong.MaxValue, 0x8000_0000_0000_0100, 0x1234_5678_9ABC_DEF0])
        {
            using SharedStream first = SharedStream.Create("x", Options);
            using SharedStream second = SharedStream.Open("x", Options);
            first.Write(_buffer.AsSpan(0, 100));
            second.Write(_buffer.AsSpan(0, 100));
            Poke(first, word, garbage);
            foreach (SharedStream end in (SharedStream[])[first, second])
            {
                for (int round = 0; round < 3; round++)
                {
                    Exercise(end, $"{name} = {garbage:x}");
                }
            }
            _ = SharedStream.GetStatus("x", Options).First.BytesUnread;
            SharedStream.Unlink("x", _directory.Root);
        }
    }

    [Fact]
    public void Positions_that_make_no_sense_are_refused_with_both_named()
    {
        using SharedStream first = SharedStream.Create("x", Options);
        Poke(first, StreamWord.Written(1), Capacity + 1);
        Assert.Contains("0x1001", Assert.Throws<InvalidDataException>(() => first.Read(_buffer)).Message, StringComparison.Ordinal);
        Poke(first, StreamWord.Read(0), 5000);
        first.Write(_buffer);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => first.TryWrite(_buffer, TimeSpan.Zero, out _));
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4095)]
    [InlineData(6000)]
    [InlineData(1 << 20)]
    [InlineData(1L << 40)]
    public void A_capacity_that_does_not_fit_is_refused(long capacity)
    {
        using SharedStream first = SharedStream.Create("x", Options);
        using (FileStream file = new(File, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Position = (long)Marshal.OffsetOf<SegmentHeader>(nameof(SegmentHeader.Config));
            file.Write(BitConverter.GetBytes(capacity));
        }
        Assert.Throws<InvalidDataException>(() => SharedStream.Open("x", Options));
        Assert.Single(first.GetStatus().Participants);
    }

    [Fact]
    public async Task A_peer_that_scribbles_all_the_time_makes_errors_and_nothing_worse()
    {
        using CancellationTokenSource stop = new(TimeSpan.FromMilliseconds(400));
        int rounds = 0;
        do
        {
            using SharedStream first = SharedStream.Create("x", Options);
            using SharedStream second = SharedStream.Open("x", Options);
            using CancellationTokenSource calm = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
            Task scribbling = Task.Run(() => Scribble(first, rounds, calm.Token));
            for (int i = 0; i < 20; i++)
            {
                Exercise(first, "scribbled");
                Exercise(second, "scribbled");
                await ExerciseAsync(first);
            }
            await calm.CancelAsync();
            await scribbling.OrHang();
            SharedStream.Unlink("x", _directory.Root);
            rounds++;
        }
        while (!stop.IsCancellationRequested);
    }

    [Fact]
    public void What_is_written_stays_in_the_ring_wherever_the_other_end_says_that_it_is()
    {
        using SharedStream first = SharedStream.Create("x", Options);
        long data = SegmentLayout.ControlSize(first.Segment.Capacity);
        byte[] before = System.IO.File.ReadAllBytes(File);
        _buffer.AsSpan().Fill(0xAB);
        for (ulong position = 0; position < 20_000; position += 1500)
        {
            // A reader that follows at once, so that the writer goes around.
            Poke(first, StreamWord.Read(0), position);
            first.TryWrite(_buffer.AsSpan(0, 1500), TimeSpan.Zero, out _);
        }
        byte[] after = System.IO.File.ReadAllBytes(File);
        int wrong = Enumerable.Range((int)data, after.Length - (int)data).FirstOrDefault(at => at >= data + Capacity && after[at] != before[at], -1);
        Assert.True(wrong < 0, $"byte {wrong} was written");
        Assert.Contains((byte)0xAB, after);
    }

    private void Exercise(SharedStream end, string what)
    {
        Error(() => end.TryRead(_buffer, out _), what);
        Error(() => end.TryRead(_buffer, s_patience, out _), what);
        Error(() => end.TryWrite(_buffer.AsSpan(0, 700), s_patience, out _), what);
        Error(() => _ = end.PeerEnd, what);
        Error(() => _ = end.PeerHasClosedWrite, what);
        Error(() => end.TryWaitForPeer(s_patience), what);
        Error(() => _ = end.GetStatus().Second.BytesUnread, what);
    }

    private async Task ExerciseAsync(SharedStream end)
    {
        using CancellationTokenSource cancel = new(s_patience);
        Exception? read = await Record.ExceptionAsync(() => end.ReadAsync(_buffer, cancel.Token).OrHang());
        Exception? write = await Record.ExceptionAsync(() => end.WriteAsync(_buffer, cancel.Token).OrHang());
        Assert.True(IsDocumented(read), $"{read}");
        Assert.True(IsDocumented(write), $"{write}");
    }

    private static void Error(Action use, string what)
    {
        Exception? error = Record.Exception(use);
        Assert.True(IsDocumented(error), $"{what}: {error}");
    }

    private static bool IsDocumented(Exception? error) =>
        error is null or InvalidDataException or OperationCanceledException or PosixException { Errno: Errno.EPIPE };

    // As another process would: through a mapping of its own, the kernel's.
    private void Poke(SharedStream stream, int word, ulong value)
    {
        using SafeFileHandle file = System.IO.File.OpenHandle(File, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(file, BitConverter.GetBytes(value), SegmentLayout.State(stream.Segment.Capacity) + (word * sizeof(ulong)));
    }

    private void Scribble(SharedStream stream, int seed, CancellationToken stop)
    {
        Random random = new(seed);
        using SafeFileHandle file = System.IO.File.OpenHandle(File, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        long state = SegmentLayout.State(stream.Segment.Capacity);
        int[] words = [.. Words.Select(row => row.Data.Item2)];
        while (!stop.IsCancellationRequested)
        {
            ulong value = random.Next(4) switch
            {
                0 => (ulong)random.NextInt64() << 1,
                1 => (ulong)random.Next(Capacity * 2),
                2 => (ulong)random.Next(4) << 30,
                _ => (1UL << 63) | (uint)random.Next(Capacity),
            };
            RandomAccess.Write(file, BitConverter.GetBytes(value), state + (words[random.Next(words.Length)] * sizeof(ulong)));
        }
    }
}

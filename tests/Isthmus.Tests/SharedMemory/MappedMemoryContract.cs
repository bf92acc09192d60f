using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.SharedMemory;

/// <summary>What holds for every kind of shared memory.</summary>
public abstract class MappedMemoryContract
{
    private const int Length = 10_000;

    public static TheoryData<MemoryAdvice> Advices => [.. Enum.GetValues<MemoryAdvice>()];

    [Fact]
    public void New_memory_is_zero_and_has_the_length_asked_for()
    {
        using MappedMemory memory = Create(Length);
        Assert.Equal(Length, memory.Length);
        Assert.Equal(Length, memory.Span.Length);
        Assert.Equal(Length, memory.ReadOnlySpan.Length);
        Assert.Equal(Length, memory.Memory.Length);
        Assert.Equal(Length, memory.ReadOnlyMemory.Length);
        Assert.False(memory.Span.ContainsAnyExcept((byte)0));
        Assert.False(memory.IsReadOnly);
    }

    [Fact]
    public void A_second_mapping_shows_the_same_bytes()
    {
        using MappedMemory memory = Create(Length);
        using MappedMemory other = OpenAgain(memory, MemoryAccess.ReadWrite);
        memory.Span[0] = 1;
        memory.AsSpan<long>(8, 1)[0] = long.MinValue;
        other.Span[^1] = 3;
        Assert.Equal(1, other.Span[0]);
        Assert.Equal(long.MinValue, other.AsReadOnlySpan<long>(8, 1)[0]);
        Assert.Equal(3, memory.Span[^1]);
        Assert.Equal(Length, other.Length);
    }

    [Fact]
    public void The_memory_outlives_the_object_that_made_it()
    {
        MappedMemory memory = Create(Length);
        using MappedMemory other = OpenAgain(memory, MemoryAccess.ReadWrite);
        memory.Span[0] = 3;
        memory.Dispose();
        Assert.Equal(3, other.Span[0]);
    }

    [Fact]
    public void Mapped_for_reading_it_can_only_be_read()
    {
        using MappedMemory memory = Create(Length);
        using MappedMemory reader = OpenAgain(memory, MemoryAccess.Read);
        memory.Span[5] = 6;
        Assert.True(reader.IsReadOnly);
        Assert.Equal(6, reader.ReadOnlySpan[5]);
        Assert.Equal(6, reader.ReadOnlyMemory.Span[5]);
        Assert.Equal(6, reader.AsReadOnlySpan<byte>(5, 1)[0]);
        Assert.Throws<InvalidOperationException>(() => reader.Span.Length);
        Assert.Throws<InvalidOperationException>(() => reader.Memory);
        Assert.Throws<InvalidOperationException>(() => reader.AsSpan<byte>(0, 1).Length);
        reader.Prefault();
    }

    [Fact]
    public void The_kernel_refuses_writes_to_what_is_mapped_for_reading()
    {
        using MappedMemory memory = Create(Length);
        using MappedMemory reader = OpenAgain(memory, MemoryAccess.Read);
        Assert.Contains("r--s", Smaps(memory: reader, field: null), StringComparison.Ordinal);
        Assert.Contains("rw-s", Smaps(memory, field: null), StringComparison.Ordinal);
    }

    [Fact]
    public void After_Dispose_every_member_throws_and_Dispose_does_nothing()
    {
        MappedMemory memory = Create(Length);
        Memory<byte> bytes = memory.Memory;
        memory.Dispose();
        memory.Dispose();
        Assert.Throws<ObjectDisposedException>(() => memory.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => memory.ReadOnlySpan.Length);
        Assert.Throws<ObjectDisposedException>(() => memory.AsSpan<int>(0, 1).Length);
        Assert.Throws<ObjectDisposedException>(() => memory.Memory);
        Assert.Throws<ObjectDisposedException>(() => bytes.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => bytes.Pin());
        Assert.Throws<ObjectDisposedException>(() => memory.Flush());
        Assert.Throws<ObjectDisposedException>(() => memory.Prefault());
        Assert.Throws<ObjectDisposedException>(() => memory.LockInMemory());
        Assert.Throws<ObjectDisposedException>(() => memory.Advise(MemoryAdvice.Normal));
    }

    [Fact]
    public async Task Streams_fill_it_as_Memory()
    {
        byte[] data = RandomNumbers(Length);
        using MappedMemory memory = Create(Length);
        using MemoryStream stream = new(data);
        await stream.ReadExactlyAsync(memory.Memory, TestContext.Current.CancellationToken);
        Assert.True(memory.ReadOnlySpan.SequenceEqual(data));
    }

    [Fact]
    public unsafe void While_pinned_it_stays_mapped_beyond_Dispose()
    {
        MappedMemory memory = Create(Length);
        using MemoryHandle pin = memory.Memory[100..].Pin();
        memory.Span[100] = 9;
        memory.Dispose();
        Assert.Equal(9, *(byte*)pin.Pointer);
    }

    [Theory]
    [InlineData(-8, 1)]
    [InlineData(0, -1)]
    [InlineData(0, 1251)]
    [InlineData(9_996, 1)]
    [InlineData(10_008, 0)]
    [InlineData(4, 1)]
    [InlineData(long.MaxValue - 7, 1)]
    public void A_part_that_is_outside_or_not_aligned_is_refused(long offset, int count)
    {
        using MappedMemory memory = Create(Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.AsSpan<long>(offset, count).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.AsReadOnlySpan<long>(offset, count).Length);
    }

    [Fact]
    public void Parts_reach_to_the_last_byte()
    {
        using MappedMemory memory = Create(Length);
        Assert.Equal(1250, memory.AsSpan<long>(0, 1250).Length);
        Assert.Equal(1, memory.AsSpan<int>(9_996, 1).Length);
        Assert.Equal(0, memory.AsReadOnlySpan<byte>(Length, 0).Length);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, -1)]
    [InlineData(0, 10_001)]
    [InlineData(10_001, 0)]
    [InlineData(9_999, 2)]
    [InlineData(1, long.MaxValue)]
    public void Pages_outside_are_refused(long offset, long length)
    {
        using MappedMemory memory = Create(Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Flush(offset, length));
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Prefault(offset, length));
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Advise(MemoryAdvice.WillNeed, offset, length));
    }

    [Fact]
    public void Flush_takes_any_part()
    {
        using MappedMemory memory = Create(Length);
        memory.Span.Fill(7);
        memory.Flush();
        memory.Flush(5000, 1);
        memory.Flush(Length, 0);
        Assert.False(memory.Span.ContainsAnyExcept((byte)7));
    }

    [Theory]
    [MemberData(nameof(Advices))]
    public void No_advice_changes_what_is_shared(MemoryAdvice advice)
    {
        Assert.SkipUnless(
            advice is not (MemoryAdvice.HugePage or MemoryAdvice.NoHugePage) || Directory.Exists("/sys/kernel/mm/transparent_hugepage"),
            "This kernel has no transparent huge pages.");
        byte[] data = RandomNumbers(Length);
        using MappedMemory memory = Create(Length);
        data.CopyTo(memory.Span);
        memory.Advise(advice);
        memory.Advise(advice, 5000, 1);
        Assert.True(memory.ReadOnlySpan.SequenceEqual(data));
    }

    [Fact]
    public void Advice_reaches_the_kernel()
    {
        using MappedMemory memory = Create(Length);
        memory.Advise(MemoryAdvice.DontFork);
        memory.Advise(MemoryAdvice.DontDump);
        Assert.Contains(" dc ", Smaps(memory, "VmFlags"), StringComparison.Ordinal);
        Assert.Contains(" dd ", Smaps(memory, "VmFlags"), StringComparison.Ordinal);
        memory.Advise(MemoryAdvice.DoFork);
        Assert.DoesNotContain(" dc ", Smaps(memory, "VmFlags"), StringComparison.Ordinal);
    }

    [Fact]
    public void Locked_pages_are_in_memory_until_they_are_unlocked()
    {
        using MappedMemory memory = Create(Length);
        memory.LockInMemory();
        Assert.Contains(" lo ", Smaps(memory, "VmFlags"), StringComparison.Ordinal);
        Assert.Equal("12 kB", Smaps(memory, "Rss"));
        memory.UnlockInMemory();
        Assert.DoesNotContain(" lo ", Smaps(memory, "VmFlags"), StringComparison.Ordinal);
        memory.LockInMemory(onFault: true);
        Assert.Contains(" lo ", Smaps(memory, "VmFlags"), StringComparison.Ordinal);
    }

    [Fact]
    public void Prefault_maps_every_page()
    {
        using MappedMemory memory = Create(Length);
        Assert.Equal("0 kB", Smaps(memory, "Rss"));
        memory.Prefault(5000, 1);
        Assert.Equal("4 kB", Smaps(memory, "Rss"));
        memory.Prefault();
        Assert.Equal("12 kB", Smaps(memory, "Rss"));
        Assert.False(memory.Span.ContainsAnyExcept((byte)0));
    }

    [Theory]
    [InlineData(MemoryAccess.ReadWrite)]
    [InlineData(MemoryAccess.Read)]
    public void Where_the_kernel_cannot_prefault_the_pages_are_touched(MemoryAccess access)
    {
        byte[] data = RandomNumbers(Length);
        using MappedMemory memory = Create(Length);
        data.CopyTo(memory.Span);
        using MappedMemory other = OpenAgain(memory, access);
        Assert.Equal("0 kB", Smaps(other, "Rss"));
        Assert.Equal(0, other.TouchPages(0, Length));
        Assert.Equal("12 kB", Smaps(other, "Rss"));
        Assert.True(other.ReadOnlySpan.SequenceEqual(data));
    }

    [Fact]
    public void Access_and_calls_on_pages_allocate_nothing()
    {
        using MappedMemory memory = Create(Length);
        Run(10);
        Assert.Equal(0, Allocated.ByThisThread(() => Run(1000)));

        void Run(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                memory.AsSpan<int>(0, 1)[0]++;
                memory.Span[5]++;
                memory.Memory.Span[6] += memory.ReadOnlyMemory.Span[7];
                memory.Prefault(i, 1);
                memory.Advise(MemoryAdvice.WillNeed, i, 1);
                memory.Flush(0, 0);
            }
        }
    }

    protected abstract MappedMemory Create(long length);

    protected abstract MappedMemory OpenAgain(MappedMemory memory, MemoryAccess access);

    private static byte[] RandomNumbers(int length)
    {
        byte[] data = new byte[length];
        Random.Shared.NextBytes(data);
        return data;
    }

    /// <summary>What the kernel says of the mapping: one field, or the head line.</summary>
    private static unsafe string Smaps(MappedMemory memory, string? field)
    {
        nint address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(memory.ReadOnlySpan));
        string head = string.Create(CultureInfo.InvariantCulture, $"{address:x}-");
        IEnumerable<string> lines = File.ReadLines("/proc/self/smaps").SkipWhile(line => !line.StartsWith(head, StringComparison.Ordinal));
        return field is null
            ? lines.First()
            : lines.First(line => line.StartsWith(field + ":", StringComparison.Ordinal))[(field.Length + 1)..].Trim() + (field == "VmFlags" ? " " : "");
    }
}

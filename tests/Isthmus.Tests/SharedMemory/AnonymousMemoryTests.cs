using System.Globalization;
using Isthmus.Native;
using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.SharedMemory;

public sealed class AnonymousMemoryTests
{
    [Fact]
    public void New_memory_is_zero_has_the_size_asked_for_and_cannot_be_resized()
    {
        using AnonymousMemory memory = AnonymousMemory.Create(10_000, "isthmus-test");
        Assert.Equal(10_000, memory.Length);
        Assert.Equal(10_000, memory.Span.Length);
        Assert.False(memory.Span.ContainsAnyExcept((byte)0));
        Assert.False(memory.IsReadOnly);
        Assert.Equal(MemorySeals.Shrink | MemorySeals.Grow, memory.Seals);
        Assert.Equal(-1, LibC.ftruncate(memory.Handle, 5000));
        Assert.Equal(Errno.EPERM, Errno.Last);
        Assert.Equal(-1, LibC.ftruncate(memory.Handle, 20_000));
    }

    [Fact]
    public unsafe void Its_space_is_allocated_at_creation()
    {
        const long Length = (5 << 20) + 123;
        using AnonymousMemory memory = AnonymousMemory.Create(Length);
        LibC.statx status;
        LibC.Check(LibC.statx_at(memory.Handle, "", LibC.AT_EMPTY_PATH, LibC.STATX_BASIC_STATS, &status));
        Assert.True(status.stx_blocks * 512 >= Length);
    }

    [Fact]
    public void The_kernel_shows_its_name()
    {
        using AnonymousMemory memory = AnonymousMemory.Create(1, "isthmus-shown");
        Assert.Contains("/memfd:isthmus-shown", File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_of_249_bytes_is_taken_and_250_throw_EINVAL()
    {
        using AnonymousMemory memory = AnonymousMemory.Create(1, new string('n', 249));
        PosixException error = Assert.Throws<PosixException>(() => AnonymousMemory.Create(1, new string('n', 250)));
        Assert.Equal(Errno.EINVAL, error.Errno);
    }

    [Fact]
    public void Another_process_sees_and_changes_the_same_bytes()
    {
        using AnonymousMemory memory = AnonymousMemory.Create(100);
        memory.AsSpan<int>(8, 1)[0] = 41;
        using Child child = Child.Start(Increment, Environment.ProcessId.ToString(CultureInfo.InvariantCulture), Number(memory.Handle));
        Assert.Equal("41", child.ReadLine());
        Assert.Equal(42, memory.AsSpan<int>(8, 1)[0]);
    }

    [Fact]
    public void A_second_mapping_in_the_same_process_shares_the_bytes()
    {
        using AnonymousMemory memory = AnonymousMemory.Create(100);
        using AnonymousMemory other = AnonymousMemory.FromHandle(Duplicate(memory.Handle));
        memory.Span[99] = 7;
        Assert.Equal(7, other.ReadOnlySpan[99]);
        Assert.Equal(100, other.Length);
    }

    [Fact]
    public void The_memory_outlives_the_object_that_made_it()
    {
        AnonymousMemory memory = AnonymousMemory.Create(100);
        using AnonymousMemory other = AnonymousMemory.FromHandle(Duplicate(memory.Handle));
        memory.Span[0] = 3;
        memory.Dispose();
        Assert.Equal(3, other.Span[0]);
        Assert.Throws<ObjectDisposedException>(() => memory.Span.Length);
    }

    [Fact]
    public void With_FutureWrite_the_creator_writes_and_everybody_else_only_reads()
    {
        using AnonymousMemory memory = AnonymousMemory.Create(100);
        memory.Seal(MemorySeals.FutureWrite);
        using AnonymousMemory other = AnonymousMemory.FromHandle(Duplicate(memory.Handle), MemorySeals.Shrink | MemorySeals.FutureWrite);
        memory.Span[0] = 5;
        Assert.True(other.IsReadOnly);
        Assert.Equal(5, other.ReadOnlySpan[0]);
        Assert.Throws<InvalidOperationException>(() => other.Span.Length);
    }

    [Fact]
    public void Seal_Write_throws_EBUSY_while_a_writable_mapping_exists()
    {
        using AnonymousMemory memory = AnonymousMemory.Create(100);
        PosixException error = Assert.Throws<PosixException>(() => memory.Seal(MemorySeals.Write));
        Assert.Equal(Errno.EBUSY, error.Errno);
        Assert.Contains("FutureWrite", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void After_Seal_Seal_no_seal_can_be_added()
    {
        using AnonymousMemory memory = AnonymousMemory.Create(100);
        memory.Seal(MemorySeals.Seal);
        Assert.Throws<UnauthorizedAccessException>(() => memory.Seal(MemorySeals.FutureWrite));
        Assert.True(memory.Seals.HasFlag(MemorySeals.Seal));
    }

    [Fact]
    public void A_received_descriptor_that_could_still_be_truncated_is_refused()
    {
        using SafeFileHandle handle = LibC.Check(LibC.memfd_create("isthmus-unsealed", LibC.MFD_CLOEXEC | LibC.MFD_ALLOW_SEALING));
        LibC.Check(LibC.ftruncate(handle, 100));
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => AnonymousMemory.FromHandle(handle));
        Assert.Contains("Shrink", error.Message, StringComparison.Ordinal);
        Assert.False(handle.IsClosed);
        using AnonymousMemory trusted = AnonymousMemory.FromHandle(handle, MemorySeals.None);
        Assert.Equal(100, trusted.Length);
    }

    [Fact]
    public void A_received_descriptor_that_is_something_else_is_refused()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        Assert.Throws<InvalidDataException>(() => AnonymousMemory.FromHandle(pipe.Reader.Handle, MemorySeals.None));
        using TemporaryDirectory directory = new();
        using FileStream file = File.Create("/var/tmp/isthmus-test-" + Guid.NewGuid(), 1, FileOptions.DeleteOnClose);
        file.SetLength(10);
        Assert.Throws<InvalidDataException>(() => AnonymousMemory.FromHandle(file.SafeFileHandle));
    }

    [Fact]
    public void Empty_memory_is_refused()
    {
        using SafeFileHandle handle = LibC.Check(LibC.memfd_create("isthmus-empty", LibC.MFD_CLOEXEC | LibC.MFD_ALLOW_SEALING));
        LibC.Check(LibC.fcntl(handle, LibC.F_ADD_SEALS, LibC.F_SEAL_SHRINK));
        Assert.Throws<InvalidDataException>(() => AnonymousMemory.FromHandle(handle));
        Assert.Throws<ArgumentOutOfRangeException>(() => AnonymousMemory.Create(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => AnonymousMemory.Create(-1));
    }

    [Fact]
    public void A_descriptor_opened_for_reading_is_mapped_read_only()
    {
        using AnonymousMemory memory = AnonymousMemory.Create(100);
        using SafeFileHandle readOnly = File.OpenHandle("/proc/self/fd/" + Number(memory.Handle), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using AnonymousMemory other = AnonymousMemory.FromHandle(readOnly);
        memory.Span[1] = 8;
        Assert.True(other.IsReadOnly);
        Assert.Equal(8, other.ReadOnlySpan[1]);
        Assert.Throws<UnauthorizedAccessException>(() => other.Seal(MemorySeals.FutureWrite));
    }

    [Theory]
    [InlineData(-8, 1)]
    [InlineData(0, -1)]
    [InlineData(0, 13)]
    [InlineData(96, 1)]
    [InlineData(104, 0)]
    [InlineData(4, 1)]
    [InlineData(long.MaxValue - 7, 1)]
    public void A_part_that_is_outside_or_not_aligned_is_refused(long offset, int count)
    {
        using AnonymousMemory memory = AnonymousMemory.Create(100);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.AsSpan<long>(offset, count).Length);
    }

    [Fact]
    public void Parts_reach_to_the_last_byte()
    {
        using AnonymousMemory memory = AnonymousMemory.Create(100);
        Assert.Equal(12, memory.AsSpan<long>(0, 12).Length);
        Assert.Equal(1, memory.AsSpan<int>(96, 1).Length);
        Assert.Equal(0, memory.AsReadOnlySpan<byte>(100, 0).Length);
    }

    [Fact]
    public void Memory_beyond_one_span_is_reached_in_parts()
    {
        // Sparse, so that the test needs no such memory.
        const long Length = (long)int.MaxValue + 4096;
        using SafeFileHandle handle = LibC.Check(LibC.memfd_create("isthmus-large", LibC.MFD_CLOEXEC | LibC.MFD_ALLOW_SEALING));
        LibC.Check(LibC.ftruncate(handle, Length));
        using AnonymousMemory memory = AnonymousMemory.FromHandle(handle, MemorySeals.None);
        Assert.Throws<InvalidOperationException>(() => memory.Span.Length);
        memory.AsSpan<byte>(Length - 1, 1)[0] = 1;
        Assert.Equal(1, memory.AsReadOnlySpan<byte>(Length - 4096, 4096)[^1]);
    }

    private static void Increment(string[] args)
    {
        using SafeFileHandle process = LibC.Check(LibC.pidfd_open(int.Parse(args[0], CultureInfo.InvariantCulture), 0));
        SafeFileHandle handle = LibC.Check(LibC.pidfd_getfd(process, int.Parse(args[1], CultureInfo.InvariantCulture)));
        using AnonymousMemory memory = AnonymousMemory.FromHandle(handle);
        int old = memory.AsSpan<int>(8, 1)[0]++;
        Console.WriteLine(old);
    }

    private static string Number(SafeFileHandle handle) => handle.DangerousGetHandle().ToString(CultureInfo.InvariantCulture);

    private static SafeFileHandle Duplicate(SafeFileHandle handle) =>
        new(LibC.Check(LibC.fcntl(handle, LibC.F_DUPFD_CLOEXEC)), ownsHandle: true);
}

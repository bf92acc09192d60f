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
        Assert.Equal(MemorySeals.Shrink | MemorySeals.Grow, memory.Seals & ~MemorySeals.Exec);
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

    [Fact]
    public void Memory_that_was_made_without_seals_takes_none()
    {
        SafeFileHandle handle = LibC.Check(LibC.memfd_create("isthmus-unsealable", LibC.MFD_CLOEXEC));
        LibC.Check(LibC.ftruncate(handle, 100));
        using AnonymousMemory memory = AnonymousMemory.FromHandle(handle, MemorySeals.None);
        Assert.Equal(MemorySeals.Seal, memory.Seals);
        UnauthorizedAccessException error = Assert.Throws<UnauthorizedAccessException>(() => memory.Seal(MemorySeals.Shrink));
        Assert.Equal(Errno.EPERM, ((PosixException)error.InnerException!).Errno);
    }

    [Fact]
    public void A_seal_against_writing_from_the_beginning_binds_all_but_the_maker()
    {
        using AnonymousMemory memory = AnonymousMemory.Create(
            100, new AnonymousMemoryOptions { Seals = MemorySeals.Shrink | MemorySeals.FutureWrite });
        using AnonymousMemory again = memory.MapAgain();
        memory.Span[0] = 1;
        Assert.True(again.IsReadOnly);
        Assert.Equal(1, again.ReadOnlySpan[0]);
        Assert.Equal(Errno.EBUSY, Assert.Throws<PosixException>(
            () => AnonymousMemory.Create(100, new AnonymousMemoryOptions { Seals = MemorySeals.Write })).Errno);
    }

    [Fact]
    public void Nobody_can_make_it_executable_unless_asked_for()
    {
        using AnonymousMemory memory = AnonymousMemory.Create(100);
        using AnonymousMemory program = AnonymousMemory.Create(100, new AnonymousMemoryOptions { Executable = true });
        Assert.SkipUnless(memory.Seals.HasFlag(MemorySeals.Exec), "Before kernel 6.3 there is no such seal.");
        Assert.Equal(-1, LibC.fchmod(memory.Handle, 0x1FF));
        Assert.Equal(Errno.EPERM, Errno.Last);
        Assert.False(program.Seals.HasFlag(MemorySeals.Exec));
        Assert.Equal(0, LibC.fchmod(program.Handle, 0x1FF));
    }

    [Fact]
    public void Without_the_seal_against_growth_it_grows_and_the_first_mapping_stays()
    {
        using AnonymousMemory memory = AnonymousMemory.Create(100, new AnonymousMemoryOptions { Seals = MemorySeals.Shrink });
        memory.Span[99] = 1;
        memory.Resize(100_000);
        using AnonymousMemory whole = memory.MapAgain();
        Assert.Equal(100, memory.Length);
        Assert.Equal(100_000, memory.FileLength);
        Assert.Equal(100_000, whole.Length);
        whole.Span[^1] = 2;
        Assert.Equal(1, whole.Span[99]);
        Assert.Throws<UnauthorizedAccessException>(() => memory.Resize(50_000));
    }

    [Fact]
    public void Sealed_memory_cannot_be_resized()
    {
        using AnonymousMemory memory = AnonymousMemory.Create(100);
        UnauthorizedAccessException error = Assert.Throws<UnauthorizedAccessException>(() => memory.Resize(200));
        Assert.Equal(Errno.EPERM, ((PosixException)error.InnerException!).Errno);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Resize(99));
        Assert.Equal(100, memory.FileLength);
    }

    [Fact]
    public void Huge_pages_are_taken_where_they_are_reserved_and_their_lack_is_an_error_that_tells_what_to_do()
    {
        const long Size = 2 << 20;
        AnonymousMemoryOptions options = new() { HugePageSize = Size };
        string free = File.ReadLines("/proc/meminfo").FirstOrDefault(line => line.StartsWith("HugePages_Free:", StringComparison.Ordinal), " 0");
        bool reserved = !free.EndsWith(" 0", StringComparison.Ordinal);
        try
        {
            using AnonymousMemory memory = AnonymousMemory.Create(Size, options);
            Assert.True(reserved);
            memory.Span[^1] = 1;
        }
        catch (PosixException error)
        {
            Assert.False(reserved);
            Assert.True(error.Errno is Errno.ENOSPC or Errno.ENOMEM);
            Assert.Contains("hugepages-2048kB/nr_hugepages", error.Message, StringComparison.Ordinal);
        }
        Assert.Throws<ArgumentException>(() => AnonymousMemory.Create(Size + 1, options));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AnonymousMemoryOptions { HugePageSize = 3 << 20 });
    }

    [Fact]
    public void Huge_pages_of_a_size_that_the_machine_has_not_throw_ENODEV()
    {
        const long Size = 64 << 20;
        Assert.SkipUnless(!Directory.Exists("/sys/kernel/mm/hugepages/hugepages-65536kB"), "This machine has them.");
        PosixException error = Assert.Throws<PosixException>(() => AnonymousMemory.Create(Size, new AnonymousMemoryOptions { HugePageSize = Size }));
        Assert.Equal(Errno.ENODEV, error.Errno);
    }

    [Fact]
    public void Beyond_the_limit_of_file_sizes_it_throws_EFBIG_instead_of_ending_the_process()
    {
        using Child child = Child.Start(CreateAboveLimit);
        Assert.Equal("EFBIG 65536", child.ReadLine());
        Assert.Equal(0, child.WaitForExit());
    }

    private static unsafe void CreateAboveLimit(string[] args)
    {
        // In the child itself: the runtime would not start with it.
        LibC.rlimit limit = new() { rlim_cur = 65_536, rlim_max = LibC.RLIM_INFINITY };
        LibC.Check(LibC.prlimit(0, LibC.RLIMIT_FSIZE, &limit, null));
        using AnonymousMemory memory = AnonymousMemory.Create(65_536);
        PosixException error = Assert.Throws<PosixException>(() => AnonymousMemory.Create(65_537));
        Assert.Contains("65536", error.Message, StringComparison.Ordinal);
        Console.WriteLine($"{error.Errno} {memory.Length}");
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

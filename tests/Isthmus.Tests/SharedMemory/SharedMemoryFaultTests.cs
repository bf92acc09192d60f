using System.Globalization;
using Isthmus.Native;
using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.SharedMemory;

/// <summary>No space, no permission, and peers that truncate.</summary>
public sealed class SharedMemoryFaultTests : IDisposable
{
    private readonly SharedMemoryName _name = new();

    public void Dispose() => _name.Dispose();

    [Fact]
    public void A_full_tmpfs_is_an_error_when_memory_is_made_and_leaves_nothing()
    {
        string[] command = [Environment.ProcessPath!, .. Child.Arguments(FillSharedMemory)];
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only the superuser can mount.");
        (string output, int exitCode) = Peer.Run(
            "unshare", ["--mount", "sh", "-c", "mount -t tmpfs -o size=1m none /dev/shm && exec \"$@\"", "sh", .. command]);
        Assert.Equal("made, ENOSPC, ENOSPC, ENOSPC, 1 left, 65536 bytes\n", output);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public void A_peer_that_truncates_a_named_object_kills_whoever_touches_what_is_gone()
    {
        using PosixSharedMemory memory = PosixSharedMemory.Create(_name, 10_000);
        using Child child = Child.Start(TouchTheEnd, _name);
        Assert.Equal("mapped", child.ReadLine());
        LibC.Check(LibC.ftruncate(memory.Handle, 1));
        child.WriteLine("touch");
        Assert.StartsWith("<eof>", child.ReadLine(), StringComparison.Ordinal);
        // 128 and SIGBUS, or SIGABRT: the runtime catches the first and ends itself by the second.
        Assert.Contains(child.WaitForExit(), (int[])[134, 135]);
    }

    [Fact]
    public void Sealed_memory_cannot_be_truncated_by_anybody()
    {
        using AnonymousMemory memory = AnonymousMemory.Create(10_000);
        using SafeFileHandle received = new(LibC.Check(LibC.fcntl(memory.Handle, LibC.F_DUPFD_CLOEXEC)), ownsHandle: true);
        Assert.Equal(-1, LibC.ftruncate(received, 1));
        Assert.Equal(Errno.EPERM, Errno.Last);
        memory.Span[^1] = 1;
    }

    [Theory]
    [InlineData(MemoryAccess.Read)]
    [InlineData(MemoryAccess.ReadWrite)]
    public void Prefault_tells_that_the_memory_was_truncated_instead_of_dying(MemoryAccess access)
    {
        using PosixSharedMemory memory = PosixSharedMemory.Create(_name, 10_000);
        using PosixSharedMemory other = PosixSharedMemory.Open(_name, new() { Access = access });
        LibC.Check(LibC.ftruncate(memory.Handle, 1));
        PosixException error = Assert.Throws<PosixException>(other.Prefault);
        Assert.Equal(Errno.EFAULT, error.Errno);
        Assert.Contains("truncated", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_of_another_user_is_opened_only_when_any_owner_is_accepted()
    {
        Assert.Equal("created\n", Elsewhere.AsNobody(CreateForAll, _name));
        UnauthorizedAccessException error = Assert.Throws<UnauthorizedAccessException>(() => PosixSharedMemory.Open(_name));
        Assert.Equal(Errno.EPERM, ((PosixException)error.InnerException!).Errno);
        Assert.Contains("65534", error.Message, StringComparison.Ordinal);
        Assert.Throws<UnauthorizedAccessException>(() => PosixSharedMemory.OpenOrCreate(_name, 100));
        Assert.Throws<UnauthorizedAccessException>(() => MappedFile.Open(_name.Path));
        using PosixSharedMemory memory = PosixSharedMemory.Open(_name, new() { AnyOwner = true });
        using PosixSharedMemory same = PosixSharedMemory.OpenOrCreate(_name, 100, new() { AnyOwner = true });
        Assert.Equal(1, memory.Span[0]);
    }

    [Fact]
    public void Its_mode_binds_other_users()
    {
        using PosixSharedMemory memory = PosixSharedMemory.Create(_name, 100);
        Assert.Equal("EACCES EACCES EPERM\n", Elsewhere.AsNobody(TryEverything, _name));
        LibC.Check(LibC.fchmod(memory.Handle, 0x1A4));
        Assert.Equal("EACCES opened EPERM\n", Elsewhere.AsNobody(TryEverything, _name));
        LibC.Check(LibC.fchmod(memory.Handle, 0x1B6));
        Assert.Equal("opened opened EPERM\n", Elsewhere.AsNobody(TryEverything, _name));
        Assert.Equal(100, PosixSharedMemory.Stat(_name).Length);
    }

    [Fact]
    public void Beyond_its_limit_a_user_cannot_lock_memory_and_is_told_the_limit()
    {
        string output = Elsewhere.AsNobody(LockTooMuch);
        Assert.Contains("may lock 65536 bytes", output, StringComparison.Ordinal);
        Assert.Contains("ENOMEM", output, StringComparison.Ordinal);
    }

    private static void FillSharedMemory(string[] args)
    {
        using PosixSharedMemory memory = PosixSharedMemory.Create("/one", 65_536);
        string one = Try(() => PosixSharedMemory.Create("/two", 2 << 20));
        string two = Try(() => MappedFile.Create("/dev/shm/three", 2 << 20));
        string grown = Try(() => memory.Resize(2 << 20));
        memory.Resize(65_536);
        memory.Span.Fill(1);
        string left = string.Create(
            CultureInfo.InvariantCulture, $"{Directory.GetFileSystemEntries("/dev/shm").Length} left, {PosixSharedMemory.Stat("/one").Allocated} bytes");
        Console.WriteLine($"made, {one}, {two}, {grown}, {left}");
    }

    private static void TouchTheEnd(string[] args)
    {
        using PosixSharedMemory memory = PosixSharedMemory.Open(args[0]);
        Console.WriteLine("mapped");
        Console.ReadLine();
        Console.WriteLine(memory.Span[9_999]);
    }

    private static void CreateForAll(string[] args)
    {
        PosixSharedMemory.Create(args[0], 100, new() { Mode = (UnixFileMode)0x1B6, Initialize = memory => memory.Span[0] = 1 }).Dispose();
        Console.WriteLine("created");
    }

    private static void TryEverything(string[] args) => Console.WriteLine(string.Join(
        ' ',
        Try(() => PosixSharedMemory.Open(args[0]).Dispose()),
        Try(() => PosixSharedMemory.Open(args[0], new() { Access = MemoryAccess.Read }).Dispose()),
        Try(() => PosixSharedMemory.Unlink(args[0]))));

    private static unsafe void LockTooMuch(string[] args)
    {
        LibC.rlimit limit = new() { rlim_cur = 65_536, rlim_max = 65_536 };
        LibC.Check(LibC.prlimit(0, LibC.RLIMIT_MEMLOCK, &limit, null));
        using AnonymousMemory memory = AnonymousMemory.Create(1 << 20);
        Console.WriteLine(Assert.Throws<PosixException>(() => memory.LockInMemory()).Message);
    }

    private static string Try(Action call)
    {
        Exception? error = Record.Exception(call);
        return error is null ? "opened" : ((error as PosixException) ?? (PosixException)error.InnerException!).Errno.ToString();
    }
}

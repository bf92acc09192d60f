using Isthmus.Native;
using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.FileLocks;

public sealed class FileLeaseTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public FileLeaseTests() => File.WriteAllText(Name, "cached");

    private string Name => _directory["file"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Who_opens_the_file_waits_until_the_holder_who_is_told_gives_it_up()
    {
        using SafeFileHandle file = Open(LibC.O_RDONLY);
        FileLease lease = Take(file, FileLeaseKind.Write);
        Task<FileLeaseKind?> told = lease.WaitForBreakAsync(TestContext.Current.CancellationToken);
        Assert.False(lease.IsBreaking);
        Assert.False(told.IsCompleted);
        Blocked opener = Blocked.In(() => Open(LibC.O_RDWR).Dispose());
        Assert.Null(await told.OrHang());
        Assert.True(lease.IsBreaking);
        Assert.True(lease.Release());
        opener.Join();
        Assert.False(lease.Release());
        lease.Dispose();
    }

    [Fact]
    public void A_lease_that_was_given_up_does_not_give_up_the_next_one()
    {
        using SafeFileHandle file = Open(LibC.O_RDONLY);
        FileLease first = Take(file, FileLeaseKind.Read);
        Assert.True(first.Release());
        FileLease second = Take(file, FileLeaseKind.Read);
        Assert.False(first.Release());
        first.Dispose();
        Assert.True(second.Release());
    }

    [Fact]
    public async Task A_reader_is_let_in_by_a_downgrade_and_a_writer_is_not()
    {
        using SafeFileHandle file = Open(LibC.O_RDONLY);
        FileLease lease = Take(file, FileLeaseKind.Write);
        Blocked reader = Blocked.In(() => Open(LibC.O_RDONLY).Dispose());
        Assert.Equal(FileLeaseKind.Read, await lease.WaitForBreakAsync(TestContext.Current.CancellationToken).OrHang());
        lease.Downgrade();
        reader.Join();
        Assert.Equal(FileLeaseKind.Read, lease.Kind);
        Assert.False(lease.IsBreaking);
        Open(LibC.O_RDONLY).Dispose();
        Assert.False(lease.IsBreaking);
        // One who will not wait is refused, and the holder is told nevertheless.
        Assert.True(LibC.open(Name, LibC.O_WRONLY | LibC.O_NONBLOCK | LibC.O_CLOEXEC).IsInvalid);
        Assert.Equal(Errno.EAGAIN, Errno.Last);
        PosixException refused = Assert.Throws<PosixException>(() => FileLock.Open(Name));
        Assert.Contains("lease", refused.Message, StringComparison.Ordinal);
        Assert.Null(await lease.WaitForBreakAsync(TestContext.Current.CancellationToken).OrHang());
        lease.Dispose();
        Open(LibC.O_WRONLY).Dispose();
    }

    [Fact]
    public void A_file_that_is_open_elsewhere_gets_no_lease_that_conflicts()
    {
        using SafeFileHandle file = Open(LibC.O_RDONLY);
        using (SafeFileHandle other = Open(LibC.O_RDONLY))
        {
            Assert.False(FileLease.TryAcquire(file, FileLeaseKind.Write, out _));
            Take(file, FileLeaseKind.Read).Dispose();
        }
        using (SafeFileHandle writer = Open(LibC.O_RDWR))
        {
            Assert.False(FileLease.TryAcquire(file, FileLeaseKind.Read, out _));
            Assert.False(FileLease.TryAcquire(writer, FileLeaseKind.Read, out _));
        }
        Take(file, FileLeaseKind.Write).Dispose();
    }

    [Fact]
    public async Task A_wait_for_a_break_can_be_cancelled_and_the_lease_stays()
    {
        using SafeFileHandle file = Open(LibC.O_RDONLY);
        FileLease lease = Take(file, FileLeaseKind.Write);
        using CancellationTokenSource cancellation = new();
        Task told = lease.WaitForBreakAsync(cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => told.OrHang());
        Assert.Equal(FileLeaseKind.Write, lease.Demanded);
        Assert.True(lease.Release());
    }

    [Fact]
    public void Others_have_no_lease_and_other_files_neither()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        Assert.Equal(Errno.EINVAL, Assert.Throws<PosixException>(() => FileLease.TryAcquire(pipe.Reader.Handle, FileLeaseKind.Read, out _)).Errno);
        File.SetUnixFileMode(_directory.Root, (UnixFileMode)0x1ED);
        File.SetUnixFileMode(Name, (UnixFileMode)0x1A4);
        Assert.Equal("EACCES\n", Elsewhere.AsNobody(AcquireAsAnother, Name));
        Assert.NotNull(FileLease.BreakTime);
    }

    private static void AcquireAsAnother(string[] args)
    {
        using SafeFileHandle file = LibC.Check(LibC.open(args[0], LibC.O_RDONLY | LibC.O_CLOEXEC));
        try
        {
            FileLease.TryAcquire(file, FileLeaseKind.Read, out _);
        }
        catch (UnauthorizedAccessException error)
        {
            Console.WriteLine(((PosixException)error.InnerException!).Errno);
        }
    }

    // A child that another test starts just now holds copies until its exec, also of what this test has closed: so long the file counts as open elsewhere.
    private static FileLease Take(SafeFileHandle file, FileLeaseKind kind)
    {
        FileLease? lease = null;
        Assert.True(SpinWait.SpinUntil(() => FileLease.TryAcquire(file, kind, out lease), Child.Limit), "The file is open elsewhere.");
        return lease!;
    }

    private SafeFileHandle Open(int access) => LibC.Check(LibC.open(Name, access | LibC.O_CLOEXEC));
}

using System.Diagnostics;
using Isthmus.Native;
using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.FileLocks;

/// <summary>What holds between two holders, here two opens of a file by one process.</summary>
public sealed class FileLockTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<FileLockKind> ByDescription => [FileLockKind.Ofd, FileLockKind.Flock];

    public static TheoryData<FileLockKind> All => [FileLockKind.Ofd, FileLockKind.Flock, FileLockKind.Posix];

    private string Name => _directory["file"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(ByDescription))]
    public void Shared_locks_go_together_and_an_exclusive_one_goes_with_none(FileLockKind kind)
    {
        using FileLock one = Open(kind);
        using FileLock two = Open(kind);
        one.Acquire(FileLockMode.Shared);
        Assert.True(two.TryAcquire(FileLockMode.Shared));
        two.Release();
        Assert.False(two.TryAcquire(FileLockMode.Exclusive));
        one.Release();
        two.Acquire(FileLockMode.Exclusive);
        Assert.False(one.TryAcquire(FileLockMode.Shared));
        Assert.False(one.TryAcquire(FileLockMode.Exclusive));
        Assert.Null(one.Mode);
        Assert.Equal(FileLockMode.Exclusive, two.Mode);
    }

    [Fact]
    public void Two_POSIX_locks_of_one_process_are_one_holder()
    {
        using FileLock one = Open(FileLockKind.Posix);
        using FileLock two = Open(FileLockKind.Posix);
        one.Acquire();
        Assert.True(two.TryAcquire());
        two.Release();
        // The kernel knows the process and the bytes: what two gave up, one has lost.
        using FileLock other = Open(FileLockKind.Ofd);
        Assert.True(other.TryAcquire());
    }

    [Theory]
    [InlineData(FileLockKind.Posix, FileLockKind.Ofd, false)]
    [InlineData(FileLockKind.Ofd, FileLockKind.Posix, false)]
    [InlineData(FileLockKind.Ofd, FileLockKind.Flock, true)]
    [InlineData(FileLockKind.Flock, FileLockKind.Ofd, true)]
    [InlineData(FileLockKind.Posix, FileLockKind.Flock, true)]
    [InlineData(FileLockKind.Flock, FileLockKind.Posix, true)]
    public void Only_OFD_and_POSIX_locks_know_each_other(FileLockKind first, FileLockKind second, bool goTogether)
    {
        using FileLock one = Open(first);
        using FileLock two = Open(second);
        one.Acquire();
        Assert.Equal(goTogether, two.TryAcquire());
        Assert.Equal(goTogether, two.Mode == FileLockMode.Exclusive);
        one.Release();
        one.Acquire(FileLockMode.Shared);
        Assert.True(two.Mode is not null || two.TryAcquire(FileLockMode.Shared));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void One_object_is_one_holder_and_cannot_acquire_twice(FileLockKind kind)
    {
        using FileLock held = Open(kind);
        Assert.Throws<InvalidOperationException>(held.Release);
        Assert.Throws<InvalidOperationException>(() => held.ChangeMode(FileLockMode.Shared));
        Assert.Throws<InvalidOperationException>(() => held.TryChangeMode(FileLockMode.Shared));
        held.Acquire(FileLockMode.Shared);
        Assert.Throws<InvalidOperationException>(() => held.Acquire());
        Assert.Throws<InvalidOperationException>(() => held.TryAcquire());
        Assert.Equal(FileLockMode.Shared, held.Mode);
        held.Release();
        held.Acquire();
        Assert.Equal(FileLockMode.Exclusive, held.Mode);
    }

    [Theory]
    [MemberData(nameof(ByDescription))]
    public void Acquire_waits_in_the_kernel_until_the_lock_is_free(FileLockKind kind)
    {
        using FileLock holder = Open(kind);
        using FileLock waiter = Open(kind);
        holder.Acquire();
        Blocked call = Blocked.In(() => waiter.Acquire());
        Assert.Throws<InvalidOperationException>(() => waiter.TryAcquire());
        holder.Release();
        call.Join();
        Assert.False(holder.TryAcquire());
        waiter.Release();
    }

    [Theory]
    [MemberData(nameof(ByDescription))]
    public void A_timed_acquire_ends_at_its_deadline_and_not_before(FileLockKind kind)
    {
        using FileLock holder = Open(kind);
        using FileLock waiter = Open(kind);
        holder.Acquire();
        long start = Stopwatch.GetTimestamp();
        Assert.False(waiter.TryAcquire(TimeSpan.FromMilliseconds(30)));
        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(30));
        Blocked call = Blocked.In(() => Assert.True(waiter.TryAcquire(Child.Limit)));
        holder.Release();
        call.Join();
        Assert.Throws<ArgumentOutOfRangeException>(() => holder.TryAcquire(TimeSpan.FromSeconds(-2)));
    }

    [Theory]
    [MemberData(nameof(ByDescription))]
    public async Task An_awaited_lock_comes_when_it_is_free_and_cancelled_was_never_held(FileLockKind kind)
    {
        using FileLock holder = Open(kind);
        using FileLock waiter = Open(kind);
        holder.Acquire();
        using CancellationTokenSource cancellation = new();
        ValueTask given = waiter.AcquireAsync(cancellationToken: cancellation.Token);
        Assert.False(given.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => given.OrHang());
        Assert.Null(waiter.Mode);
        holder.Release();
        holder.Acquire();

        ValueTask<FileLockScope> scope = waiter.EnterAsync(cancellationToken: Cancelled);
        Assert.False(scope.IsCompleted);
        holder.Release();
        using (await scope.OrHang())
        {
            Assert.False(holder.TryAcquire());
        }
        Assert.True(holder.TryAcquire());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiter.AcquireAsync(cancellationToken: new(true)).OrHang());
        Assert.Null(waiter.Mode);
    }

    [Theory]
    [MemberData(nameof(ByDescription))]
    public void A_scope_releases_at_its_end(FileLockKind kind)
    {
        using FileLock one = Open(kind);
        using FileLock two = Open(kind);
        using (one.Enter())
        {
            Assert.False(two.TryAcquire());
        }
        Assert.True(two.TryAcquire());
    }

    [Theory]
    [MemberData(nameof(ByDescription))]
    public async Task Dispose_releases_also_what_a_waiting_call_gets_later(FileLockKind kind)
    {
        using SafeFileHandle file = OpenFile();
        using FileLock other = Open(kind);
        FileLock borrowed = FileLock.On(file, new() { Kind = kind });
        borrowed.Acquire();
        borrowed.Dispose();
        Assert.False(file.IsClosed);
        Assert.Throws<ObjectDisposedException>(() => borrowed.Acquire());
        Assert.True(other.TryAcquire());

        FileLock waiting = FileLock.On(file, new() { Kind = kind });
        ValueTask acquire = waiting.AcquireAsync(cancellationToken: Cancelled);
        waiting.Dispose();
        other.Release();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => acquire.OrHang());
        Assert.True(other.TryAcquire());
    }

    [Theory]
    [MemberData(nameof(ByDescription))]
    public void A_duplicate_of_the_descriptor_is_the_same_holder_and_closing_one_releases_nothing(FileLockKind kind)
    {
        using SafeFileHandle file = OpenFile();
        using FileLock other = Open(kind);
        using FileLock one = FileLock.On(file, new() { Kind = kind });
        one.Acquire();
        using (SafeFileHandle duplicate = Duplicate(file))
        using (FileLock same = FileLock.On(duplicate, new() { Kind = kind }))
        {
            Assert.True(same.TryAcquire());
            duplicate.Dispose();
        }
        Assert.False(other.TryAcquire());
        one.Release();
        Assert.True(other.TryAcquire());
    }

    [Fact]
    public void Closing_any_descriptor_of_the_file_drops_all_POSIX_locks_of_the_process()
    {
        using FileLock posix = Open(FileLockKind.Posix);
        using FileLock ofd = Open(FileLockKind.Ofd);
        using FileLock other = Open(FileLockKind.Ofd);
        posix.Acquire(FileLockMode.Shared);
        ofd.Acquire(FileLockMode.Shared);
        Assert.Contains(FileLock.FindHolders(Name), holder => holder.Kind == FileLockKind.Posix);
        // Code that knows nothing of the lock; and FindHolders above opened nothing.
        _ = File.ReadAllBytes(Name);
        Assert.DoesNotContain(FileLock.FindHolders(Name), holder => holder.Kind == FileLockKind.Posix);
        // The OFD lock is not impressed.
        Assert.False(other.TryAcquire());
        ofd.Release();
        Assert.True(other.TryAcquire());
    }

    [Fact]
    public void FileStream_takes_a_flock_itself()
    {
        using FileLock flock = Open(FileLockKind.Flock);
        using FileLock ofd = Open(FileLockKind.Ofd);
        using (FileStream stream = new(Name, FileMode.Open, FileAccess.ReadWrite, FileShare.Read))
        {
            Assert.True(flock.TryAcquire(FileLockMode.Shared));
            Assert.Equal(FileLockChange.Lost, flock.TryChangeMode(FileLockMode.Exclusive));
            Assert.True(ofd.TryAcquire());
        }
        using (FileStream stream = new(Name, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.False(flock.TryAcquire(FileLockMode.Shared));
        }
        flock.Acquire(FileLockMode.Shared);
        Assert.Throws<IOException>(() => new FileStream(Name, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose());
    }

    [Fact]
    public void An_OFD_or_POSIX_lock_needs_a_descriptor_that_reads_or_writes()
    {
        File.WriteAllText(Name, "");
        foreach (FileLockKind kind in (FileLockKind[])[FileLockKind.Ofd, FileLockKind.Posix])
        {
            using FileLock reader = Open(kind, FileAccess.Read);
            PosixException error = Assert.Throws<PosixException>(() => reader.Acquire());
            Assert.Equal(Errno.EBADF, error.Errno);
            Assert.Contains("open for writing", error.Message, StringComparison.Ordinal);
            Assert.True(reader.TryAcquire(FileLockMode.Shared));
            using FileLock writer = Open(kind, FileAccess.Write);
            Assert.Throws<PosixException>(() => writer.TryAcquire(FileLockMode.Shared));
            Assert.Null(writer.Mode);
        }
        using FileLock flock = Open(FileLockKind.Flock, FileAccess.Read);
        Assert.True(flock.TryAcquire());
    }

    [Fact]
    public unsafe void The_kernel_wants_no_process_in_an_OFD_lock()
    {
        using SafeFileHandle file = OpenFile();
        LibC.flock description = new() { l_type = LibC.F_WRLCK, l_pid = 1 };
        Assert.Equal(-1, LibC.fcntl(file, LibC.F_OFD_SETLK, &description));
        Assert.Equal(Errno.EINVAL, Errno.Last);
    }

    [Fact]
    public void Not_everything_can_be_locked()
    {
        using SafeFileHandle closed = OpenFile();
        closed.Dispose();
        using FileLock gone = FileLock.On(closed);
        Assert.Throws<ObjectDisposedException>(() => gone.Acquire());
        Assert.Throws<ArgumentException>(() => FileLock.Open(Name, new() { Kind = FileLockKind.Flock, Range = new(0, 1) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => FileLock.Open(Name, new() { Kind = (FileLockKind)3 }));
        using FileLock held = Open(FileLockKind.Ofd);
        Assert.Throws<ArgumentOutOfRangeException>(() => held.Acquire((FileLockMode)(-1)));
        held.Acquire(FileLockMode.Shared);
        Assert.Throws<ArgumentOutOfRangeException>(() => held.ChangeMode((FileLockMode)2));
        Assert.Equal(FileLockMode.Shared, held.Mode);
    }

    private static SafeFileHandle Duplicate(SafeFileHandle file) =>
        new(LibC.Check(LibC.fcntl(file, LibC.F_DUPFD_CLOEXEC)), ownsHandle: true);

    private FileLock Open(FileLockKind kind, FileAccess access = FileAccess.ReadWrite) =>
        FileLock.OpenOrCreate(Name, new() { Kind = kind, Access = access });

    private SafeFileHandle OpenFile() => LibC.Check(LibC.open(Name, LibC.O_RDWR | LibC.O_CREAT | LibC.O_CLOEXEC, 0x180));
}

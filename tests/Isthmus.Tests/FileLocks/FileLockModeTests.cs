using Isthmus.Tests.Harness;

namespace Isthmus.Tests.FileLocks;

/// <summary>Upgrade and downgrade.</summary>
public sealed class FileLockModeTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Name => _directory["file"];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(FileLockKind.Ofd)]
    [InlineData(FileLockKind.Posix)]
    [InlineData(FileLockKind.Flock)]
    public async Task Alone_every_change_succeeds(FileLockKind kind)
    {
        using FileLock held = Open(kind);
        held.Acquire(FileLockMode.Shared);
        Assert.Equal(FileLockChange.Changed, held.TryChangeMode(FileLockMode.Exclusive));
        Assert.Equal(FileLockMode.Exclusive, held.Mode);
        held.ChangeMode(FileLockMode.Shared);
        Assert.Equal(FileLockMode.Shared, Assert.Single(Holders()).Mode);
        await held.ChangeModeAsync(FileLockMode.Exclusive, TestContext.Current.CancellationToken).OrHang();
        Assert.Equal(FileLockMode.Exclusive, Assert.Single(Holders()).Mode);
        Assert.Equal(FileLockChange.Changed, held.TryChangeMode(FileLockMode.Exclusive, TimeSpan.Zero));
    }

    [Theory]
    [InlineData(FileLockKind.Ofd, FileLockChange.Refused)]
    [InlineData(FileLockKind.Flock, FileLockChange.Lost)]
    public void A_refused_upgrade_keeps_the_old_lock_but_flock_loses_it(FileLockKind kind, FileLockChange outcome)
    {
        using FileLock one = Open(kind);
        using FileLock two = Open(kind);
        foreach (Func<FileLockChange> attempt in (Func<FileLockChange>[])[
            () => one.TryChangeMode(FileLockMode.Exclusive),
            () => one.TryChangeMode(FileLockMode.Exclusive, TimeSpan.FromMilliseconds(10))])
        {
            one.Acquire(FileLockMode.Shared);
            two.Acquire(FileLockMode.Shared);
            Assert.Equal(outcome, attempt());
            Assert.Equal(outcome == FileLockChange.Refused ? FileLockMode.Shared : null, one.Mode);
            two.Release();
            Assert.Equal(outcome == FileLockChange.Lost, two.TryAcquire(FileLockMode.Exclusive));
            (outcome == FileLockChange.Lost ? two : one).Release();
        }
    }

    [Theory]
    [InlineData(FileLockKind.Ofd, 2)]
    [InlineData(FileLockKind.Flock, 1)]
    public async Task An_upgrade_that_waits_keeps_the_old_lock_but_flock_has_given_it_up(FileLockKind kind, int locks)
    {
        using FileLock one = Open(kind);
        using FileLock two = Open(kind);
        one.Acquire(FileLockMode.Shared);
        two.Acquire(FileLockMode.Shared);
        Blocked upgrade = Blocked.In(() => one.ChangeMode(FileLockMode.Exclusive));
        Assert.Equal(locks, Holders().Length);
        two.Release();
        upgrade.Join();
        Assert.Equal(FileLockMode.Exclusive, one.Mode);
        Assert.False(two.TryAcquire(FileLockMode.Shared));
        await one.ChangeModeAsync(FileLockMode.Shared, TestContext.Current.CancellationToken).OrHang();
        Assert.True(two.TryAcquire(FileLockMode.Shared));
    }

    [Theory]
    [InlineData(FileLockKind.Ofd, FileLockMode.Shared)]
    [InlineData(FileLockKind.Flock, null)]
    public async Task A_cancelled_upgrade_holds_what_it_held_but_flock_nothing(FileLockKind kind, FileLockMode? left)
    {
        using FileLock one = Open(kind);
        using FileLock two = Open(kind);
        one.Acquire(FileLockMode.Shared);
        two.Acquire(FileLockMode.Shared);
        using CancellationTokenSource cancellation = new();
        ValueTask upgrade = one.ChangeModeAsync(FileLockMode.Exclusive, cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => upgrade.OrHang());
        Assert.Equal(left, one.Mode);
        Assert.Equal(left is null ? 1 : 2, Holders().Length);
        // A token that was cancelled before changes nothing, whatever the flavour.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => two.ChangeModeAsync(FileLockMode.Exclusive, cancellation.Token).OrHang());
        Assert.Equal(FileLockMode.Shared, two.Mode);
    }

    private FileLock Open(FileLockKind kind) => FileLock.OpenOrCreate(Name, new() { Kind = kind });

    // Of this process: a child that another test starts just now has copies until its exec.
    private FileLockHolder[] Holders() => [.. FileLock.FindHolders(Name).Where(holder => holder.ProcessId == Environment.ProcessId)];
}

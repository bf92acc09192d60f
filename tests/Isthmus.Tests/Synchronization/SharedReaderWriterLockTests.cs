using System.Diagnostics;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Synchronization;

public sealed class SharedReaderWriterLockTests
{
    [Fact]
    public void Many_read_at_once()
    {
        using SharedReaderWriterLock mine = SharedReaderWriterLock.CreateUnnamed(), other = SharedReaderWriterLock.OpenUnnamed(mine.Share());
        using SharedReaderWriterScope one = mine.EnterRead(), two = mine.EnterRead(), three = other.EnterRead();
        Assert.Equal(SharedReaderWriterMode.Read, three.Mode);
        Assert.Equal([2, 1], mine.GetStatus().Readers.Select(reader => reader.Inside));
    }

    [Fact]
    public void Reader_keeps_a_writer_out_and_a_writer_everybody()
    {
        using SharedReaderWriterLock mine = SharedReaderWriterLock.CreateUnnamed(), other = SharedReaderWriterLock.OpenUnnamed(mine.Share());
        SharedReaderWriterScope reading = mine.EnterRead();
        Assert.False(other.TryEnterWrite(out _));
        Assert.False(mine.TryEnterWrite(TimeSpan.FromMilliseconds(1), out _));
        reading.Dispose();
        Assert.True(other.TryEnterWrite(out SharedReaderWriterScope writing));
        Assert.False(mine.TryEnterRead(out _));
        Assert.False(mine.TryEnterRead(TimeSpan.FromMilliseconds(1), out _));
        Assert.False(other.TryEnterUpgradeableRead(out _));
        Assert.False(other.TryEnterWrite(out _));
        writing.Dispose();
        Assert.True(mine.TryEnterRead(out SharedReaderWriterScope again));
        again.Dispose();
    }

    [Fact]
    public void Upgradeable_reader_reads_beside_readers_and_alone_of_its_kind()
    {
        using SharedReaderWriterLock mine = SharedReaderWriterLock.CreateUnnamed(), other = SharedReaderWriterLock.OpenUnnamed(mine.Share());
        using SharedReaderWriterScope reading = other.EnterRead(), upgradeable = mine.EnterUpgradeableRead(), late = other.EnterRead();
        Assert.False(other.TryEnterUpgradeableRead(out _));
        Assert.False(other.TryEnterWrite(out _));
        Assert.Equal(SharedReaderWriterMode.UpgradeableRead, mine.GetStatus().OwnerMode);
    }

    [Fact]
    public void Upgrade_waits_for_the_readers_and_keeps_new_ones_out()
    {
        using SharedReaderWriterLock mine = SharedReaderWriterLock.CreateUnnamed(), other = SharedReaderWriterLock.OpenUnnamed(mine.Share());
        SharedReaderWriterScope reading = other.EnterRead(), scope = mine.EnterUpgradeableRead();
        Assert.False(scope.TryUpgrade());
        Assert.False(scope.TryUpgrade(TimeSpan.FromMilliseconds(1)));
        Assert.Equal(SharedReaderWriterMode.UpgradeableRead, scope.Mode);
        Blocked upgrading = Blocked.In(scope.Upgrade);
        Assert.True(mine.GetStatus().IsWriterWaiting);
        Assert.False(other.TryEnterRead(out _));
        reading.Dispose();
        upgrading.Join();
        Assert.Equal(SharedReaderWriterMode.Write, scope.Mode);
        Assert.False(other.TryEnterRead(out _));
        scope.Downgrade();
        Assert.True(other.TryEnterRead(out SharedReaderWriterScope seeing));
        Assert.False(other.TryEnterUpgradeableRead(out _));
        seeing.Dispose();
        scope.Dispose();
        Assert.True(other.TryEnterWrite(out SharedReaderWriterScope free));
        free.Dispose();
    }

    [Fact]
    public async Task Upgrade_that_gave_up_lets_the_readers_in_that_it_kept_out()
    {
        using SharedReaderWriterLock mine = SharedReaderWriterLock.CreateUnnamed(), other = SharedReaderWriterLock.OpenUnnamed(mine.Share());
        using SharedReaderWriterScope reading = other.EnterRead(), scope = mine.EnterUpgradeableRead();
        using CancellationTokenSource cancellation = new();
        Task upgrading = scope.UpgradeAsync(cancellation.Token).AsTask();
        Blocked late = Blocked.In(() => other.EnterRead().Dispose());
        await cancellation.CancelAsync();
        late.Join();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => upgrading.OrHang());
        Assert.Equal(SharedReaderWriterMode.UpgradeableRead, scope.Mode);
    }

    [Fact]
    public void Writer_becomes_a_reader_and_nobody_writes_in_between()
    {
        using SharedReaderWriterLock mine = SharedReaderWriterLock.CreateUnnamed(), other = SharedReaderWriterLock.OpenUnnamed(mine.Share());
        SharedReaderWriterScope scope = mine.EnterWrite();
        Blocked writer = Blocked.In(() => other.EnterWrite().Dispose());
        scope.DowngradeToRead();
        Assert.Equal(SharedReaderWriterMode.Read, scope.Mode);
        scope.Dispose();
        scope.Dispose();
        writer.Join();
        Assert.Empty(mine.GetStatus().Readers);
    }

    [Fact]
    public void What_a_scope_is_not_it_cannot_do()
    {
        using SharedReaderWriterLock mine = SharedReaderWriterLock.CreateUnnamed();
        SharedReaderWriterScope scope = mine.EnterRead();
        Assert.Throws<InvalidOperationException>(scope.Upgrade);
        Assert.Throws<InvalidOperationException>(scope.Downgrade);
        Assert.Throws<InvalidOperationException>(scope.DowngradeToRead);
        Assert.Throws<InvalidOperationException>(scope.DeclareConsistent);
        scope.Dispose();
        Assert.Equal(SharedReaderWriterMode.None, scope.Mode);
        Assert.Throws<InvalidOperationException>(scope.Upgrade);
        Assert.Throws<InvalidOperationException>(default(SharedReaderWriterScope).Upgrade);
        default(SharedReaderWriterScope).Dispose();
    }

    [Fact]
    public void Second_dispose_of_a_scope_does_not_end_the_entry_of_another()
    {
        using SharedReaderWriterLock mine = SharedReaderWriterLock.CreateUnnamed();
        SharedReaderWriterScope first = mine.EnterRead();
        first.Dispose();
        using SharedReaderWriterScope second = mine.EnterRead();
        first.Dispose();
        Assert.NotEqual(first, second);
        Assert.False(mine.TryEnterWrite(out _));
    }

    [Fact]
    public void Scope_that_is_disposed_while_it_upgrades_leaves_after_that()
    {
        using SharedReaderWriterLock mine = SharedReaderWriterLock.CreateUnnamed(), other = SharedReaderWriterLock.OpenUnnamed(mine.Share());
        SharedReaderWriterScope reading = other.EnterRead(), scope = mine.EnterUpgradeableRead();
        Blocked upgrading = Blocked.In(scope.Upgrade);
        scope.Dispose();
        Assert.Throws<InvalidOperationException>(scope.Upgrade);
        Assert.False(other.TryEnterUpgradeableRead(out _));
        reading.Dispose();
        upgrading.Join();
        Assert.True(other.TryEnterWrite(out SharedReaderWriterScope free));
        free.Dispose();
    }

    [Fact]
    public void Writer_that_waits_keeps_new_readers_out_and_comes_next()
    {
        using SharedReaderWriterLock mine = SharedReaderWriterLock.CreateUnnamed(), other = SharedReaderWriterLock.OpenUnnamed(mine.Share());
        SharedReaderWriterScope reading = mine.EnterRead();
        SharedReaderWriterScope written = default;
        Blocked writer = Blocked.In(() => written = other.EnterWrite());
        Blocked late = Blocked.In(() => mine.EnterRead().Dispose());
        reading.Dispose();
        writer.Join();
        written.Dispose();
        late.Join();
    }

    [Fact]
    public async Task Reader_that_waited_comes_before_the_next_writer()
    {
        using SharedReaderWriterLock mine = SharedReaderWriterLock.CreateUnnamed(), other = SharedReaderWriterLock.OpenUnnamed(mine.Share());
        for (int round = 0; round < 50; round++)
        {
            SharedReaderWriterScope writing = mine.EnterWrite();
            Task<SharedReaderWriterScope> reading = other.EnterReadAsync().AsTask();
            writing.Dispose();
            // Whoever comes now finds that a reader wants to be first, or is inside already.
            Assert.False(mine.TryEnterWrite(out _));
            (await reading.OrHang()).Dispose();
        }
    }

    [Fact]
    public async Task Awaited_forms_complete_when_it_is_their_turn()
    {
        using SharedReaderWriterLock mine = SharedReaderWriterLock.CreateUnnamed(), other = SharedReaderWriterLock.OpenUnnamed(mine.Share());
        SharedReaderWriterScope reading = mine.EnterRead();
        Task<SharedReaderWriterScope> writer = other.EnterWriteAsync().AsTask();
        Task<SharedReaderWriterScope> late = mine.EnterReadAsync().AsTask();
        Assert.False(writer.IsCompleted || late.IsCompleted);
        reading.Dispose();
        SharedReaderWriterScope writing = await writer.OrHang();
        Assert.False(late.IsCompleted);
        writing.Dispose();
        SharedReaderWriterScope read = await late.OrHang();
        using (SharedReaderWriterScope upgradeable = await other.EnterUpgradeableReadAsync())
        {
            ValueTask upgrade = upgradeable.UpgradeAsync();
            read.Dispose();
            await upgrade.AsTask().OrHang();
            Assert.Null(await mine.TryEnterReadAsync(TimeSpan.FromMilliseconds(1)));
            Assert.Null(await mine.TryEnterUpgradeableReadAsync(TimeSpan.Zero));
            Assert.Null(await mine.TryEnterWriteAsync(TimeSpan.FromMilliseconds(1)));
        }
        (await mine.TryEnterWriteAsync(Timeout.InfiniteTimeSpan))!.Value.Dispose();
    }

    [Fact]
    public async Task Cancelled_waits_leave_the_lock_to_others()
    {
        using SharedReaderWriterLock mine = SharedReaderWriterLock.CreateUnnamed(), other = SharedReaderWriterLock.OpenUnnamed(mine.Share());
        SharedReaderWriterScope reading = mine.EnterRead();
        using CancellationTokenSource cancellation = new();
        Task writer = other.EnterWriteAsync(cancellation.Token).AsTask();
        Task<SharedReaderWriterScope> late = mine.EnterReadAsync().AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writer.OrHang());
        // The reader that the writer kept out.
        (await late.OrHang()).Dispose();
        reading.Dispose();
        Assert.True(other.TryEnterWrite(out SharedReaderWriterScope free));
        free.Dispose();
    }

    [Fact]
    public void WaitAny_takes_one_way_into_the_lock_and_gives_up_the_other()
    {
        using SharedReaderWriterLock one = SharedReaderWriterLock.CreateUnnamed(), two = SharedReaderWriterLock.CreateUnnamed();
        SharedReaderWriterScope writing = one.EnterWrite(), reading = two.EnterRead();
        WaitSource<SharedReaderWriterScope> read = one.ToReadWaitSource(), write = two.ToWriteWaitSource();
        int winner = -1;
        Blocked wait = Blocked.In(() => winner = WaitAny.Wait(read, write, one.ToUpgradeableReadWaitSource()));
        reading.Dispose();
        wait.Join();
        Assert.Equal(1, winner);
        Assert.Equal(SharedReaderWriterMode.Write, write.Result.Mode);
        writing.Dispose();
        Assert.True(one.TryEnterWrite(out SharedReaderWriterScope free));
        free.Dispose();
        write.Result.Dispose();
    }

    [Fact]
    public void Disposing_ends_the_waits_of_this_attachment()
    {
        using SharedReaderWriterLock owner = SharedReaderWriterLock.CreateUnnamed();
        using SharedReaderWriterScope scope = owner.EnterWrite();
        SharedReaderWriterLock other = SharedReaderWriterLock.OpenUnnamed(owner.Share());
        Blocked reader = Blocked.In(() => other.EnterRead());
        Blocked writer = Blocked.In(() => other.EnterWrite());
        other.Dispose();
        Assert.Throws<ObjectDisposedException>(reader.Join);
        Assert.Throws<ObjectDisposedException>(writer.Join);
        Assert.Throws<ObjectDisposedException>(() => other.EnterUpgradeableRead());
    }

    [Fact]
    public void Disposing_the_attachment_that_writes_is_told_to_readers_and_writers_until_it_is_declared_consistent()
    {
        using SharedReaderWriterLock mine = SharedReaderWriterLock.CreateUnnamed();
        Abandon(mine);
        using (SharedReaderWriterScope reading = mine.EnterRead())
        {
            Assert.True(reading.IsAbandoned);
        }
        using (SharedReaderWriterScope upgradeable = mine.EnterUpgradeableRead())
        {
            Assert.True(upgradeable.IsAbandoned);
            upgradeable.Upgrade();
            Assert.Throws<InvalidOperationException>(upgradeable.Downgrade);
            upgradeable.DeclareConsistent();
            Assert.False(upgradeable.IsAbandoned);
            upgradeable.Downgrade();
        }
        using SharedReaderWriterScope next = mine.EnterWrite();
        Assert.False(next.IsAbandoned);
    }

    [Fact]
    public void Writer_that_leaves_without_declaring_makes_it_unusable_for_all()
    {
        using SharedReaderWriterLock mine = SharedReaderWriterLock.CreateUnnamed(), other = SharedReaderWriterLock.OpenUnnamed(mine.Share());
        Abandon(mine);
        SharedReaderWriterScope told = mine.EnterWrite();
        Blocked reader = Blocked.In(() => other.EnterRead());
        Blocked writer = Blocked.In(() => mine.EnterWrite());
        told.Dispose();
        Assert.Equal(Errno.ENOTRECOVERABLE, Assert.Throws<PosixException>(reader.Join).Errno);
        Assert.Equal(Errno.ENOTRECOVERABLE, Assert.Throws<PosixException>(writer.Join).Errno);
        Assert.Equal(Errno.ENOTRECOVERABLE, Assert.Throws<PosixException>(() => other.TryEnterUpgradeableRead(out _)).Errno);
        Assert.True(mine.GetStatus().IsUnusable);
    }

    [Fact]
    public void Upgradeable_reader_that_was_told_and_did_not_write_spoils_nothing()
    {
        using SharedReaderWriterLock mine = SharedReaderWriterLock.CreateUnnamed();
        Abandon(mine);
        mine.EnterUpgradeableRead().Dispose();
        using SharedReaderWriterScope next = mine.EnterWrite();
        Assert.True(next.IsAbandoned);
        next.DeclareConsistent();
    }

    // glibc's tst-rwlock19: the count of readers overflowed.
    [Fact]
    public void One_reader_more_than_can_be_counted_is_refused_and_changes_nothing()
    {
        using SharedReaderWriterLock mine = SharedReaderWriterLock.CreateUnnamed();
        SharedReaderWriterScope[] scopes = [.. Enumerable.Range(0, 32_767).Select(_ => mine.EnterRead())];
        Assert.Equal(Errno.EAGAIN, Assert.ThrowsAny<PosixException>(() => mine.EnterRead()).Errno);
        Assert.Equal(32_767, Assert.Single(mine.GetStatus().Readers).Inside);
        Array.ForEach(scopes, scope => scope.Dispose());
        Assert.True(mine.TryEnterWrite(out SharedReaderWriterScope free));
        free.Dispose();
    }

    // glibc's rwlock15: a writer that timed out forgot the readers that it had kept out.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    public void Writer_that_times_out_is_not_early_and_lets_the_readers_in(int milliseconds)
    {
        using SharedReaderWriterLock mine = SharedReaderWriterLock.CreateUnnamed(), other = SharedReaderWriterLock.OpenUnnamed(mine.Share());
        using SharedReaderWriterScope reading = mine.EnterRead();
        long start = Stopwatch.GetTimestamp();
        Assert.False(other.TryEnterWrite(TimeSpan.FromMilliseconds(milliseconds), out _));
        Assert.True(Stopwatch.GetElapsedTime(start).TotalMilliseconds >= milliseconds);
        Assert.True(mine.TryEnterRead(out SharedReaderWriterScope again));
        again.Dispose();
    }

    [Fact]
    public void Timeouts_of_any_length_are_accepted_and_negative_ones_refused()
    {
        using SharedReaderWriterLock mine = SharedReaderWriterLock.CreateUnnamed();
        foreach (TimeSpan timeout in (TimeSpan[])[TimeSpan.Zero, TimeSpan.FromTicks(1), TimeSpan.MaxValue, Timeout.InfiniteTimeSpan])
        {
            Assert.True(mine.TryEnterWrite(timeout, out SharedReaderWriterScope scope));
            scope.Dispose();
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => mine.TryEnterRead(TimeSpan.FromTicks(-2), out _));
    }

    [Fact]
    public void Status_of_a_name_shows_who_writes_without_taking_part()
    {
        using TemporaryName name = new();
        using SharedReaderWriterLock mine = SharedReaderWriterLock.Create(name);
        using SharedReaderWriterScope scope = mine.EnterWrite();
        SharedReaderWriterLockStatus status = SharedReaderWriterLock.GetStatus(name);
        Assert.Equal(SharedReaderWriterMode.Write, status.OwnerMode);
        Assert.Equal(ProcessIdentity.Current, status.Owner!.Value.Process);
        Assert.Single(status.Participants);
        Assert.Empty(status.Readers);
        Assert.False(status.IsAbandoned || status.IsUnusable || status.IsWriterWaiting);
    }

    [Fact]
    public async Task Threads_and_coroutines_of_two_attachments_count_right()
    {
        using SharedReaderWriterLock mine = SharedReaderWriterLock.CreateUnnamed(), other = SharedReaderWriterLock.OpenUnnamed(mine.Share());
        long written = 0, checkedSum = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(index => Task.Run(async () =>
        {
            SharedReaderWriterLock its = index % 2 == 0 ? mine : other;
            for (int round = 0; round < 100; round++)
            {
                using SharedReaderWriterScope scope = (index + round) % 4 == 0
                    ? await its.EnterWriteAsync()
                    : index % 3 == 0 ? its.EnterRead() : its.EnterUpgradeableRead();
                if (scope.Mode == SharedReaderWriterMode.UpgradeableRead)
                {
                    await scope.UpgradeAsync();
                }
                long before = written;
                await Task.Yield();
                Assert.Equal(before, written);
                if (scope.Mode == SharedReaderWriterMode.Write)
                {
                    written = before + 1;
                    Interlocked.Increment(ref checkedSum);
                }
            }
        }))).OrHang();
        Assert.Equal(checkedSum, written);
    }

    private static void Abandon(SharedReaderWriterLock mine)
    {
        SharedReaderWriterLock writer = SharedReaderWriterLock.OpenUnnamed(mine.Share());
        _ = writer.EnterWrite();
        writer.Dispose();
    }
}

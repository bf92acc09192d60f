using System.Diagnostics;
using System.Runtime.CompilerServices;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Synchronization;

public sealed class SharedMutexTests
{
    [Fact]
    public void Entered_mutex_is_busy_for_another_attachment_until_the_scope_is_disposed()
    {
        using TemporaryName name = new();
        using SharedMutex mine = SharedMutex.Create(name);
        using SharedMutex other = SharedMutex.Open(name);
        using (mine.Enter())
        {
            Assert.False(other.TryEnter(out _));
        }
        Assert.True(other.TryEnter(out SharedMutexScope scope));
        scope.Dispose();
    }

    [Fact]
    public void Entered_mutex_is_busy_for_another_thread_of_the_same_attachment()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        using SharedMutexScope scope = mutex.Enter();
        Assert.False(mutex.TryEnter(out _));
    }

    [Fact]
    public void Second_dispose_of_a_scope_does_not_end_the_next_entry()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        SharedMutexScope first = mutex.Enter();
        first.Dispose();
        using SharedMutexScope second = mutex.Enter();
        first.Dispose();
        Assert.False(mutex.TryEnter(out _));
    }

    [Fact]
    public void Blocked_Enter_ends_when_the_owner_leaves()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        SharedMutexScope scope = mutex.Enter();
        Blocked blocked = Blocked.In(() => mutex.Enter().Dispose());
        scope.Dispose();
        blocked.Join();
    }

    [Fact]
    public void Disposing_ends_a_blocked_Enter()
    {
        using SharedMutex owner = SharedMutex.CreateUnnamed();
        using SharedMutexScope scope = owner.Enter();
        SharedMutex mutex = SharedMutex.OpenUnnamed(owner.Share());
        Blocked blocked = Blocked.In(() => mutex.Enter());
        mutex.Dispose();
        Assert.Throws<ObjectDisposedException>(blocked.Join);
    }

    [Fact]
    public async Task Disposing_ends_an_awaited_Enter()
    {
        using SharedMutex owner = SharedMutex.CreateUnnamed();
        using SharedMutexScope scope = owner.Enter();
        SharedMutex mutex = SharedMutex.OpenUnnamed(owner.Share());
        Task<SharedMutexScope> entering = mutex.EnterAsync().AsTask();
        mutex.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => entering.OrHang());
    }

    [Fact]
    public void Disposing_the_attachment_that_owns_is_told_to_the_next_as_abandoned()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        SharedMutex owner = SharedMutex.OpenUnnamed(mutex.Share());
        _ = owner.Enter();
        owner.Dispose();
        using SharedMutexScope scope = mutex.Enter();
        Assert.True(scope.IsAbandoned);
    }

    [Fact]
    public async Task What_a_disposed_attachment_owned_is_free_at_once_though_processes_are_started_all_the_time()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        using CancellationTokenSource enough = new();
        // Each has copies of our descriptors until it runs its program.
        Task starting = Task.Run(() =>
        {
            while (!enough.IsCancellationRequested)
            {
                Peer.Run("true", []);
            }
        });
        int busy = 0;
        try
        {
            for (int i = 0; i < 1000; i++)
            {
                SharedMutex owner = SharedMutex.OpenUnnamed(mutex.Share());
                _ = owner.Enter();
                owner.Dispose();
                if (!mutex.TryEnter(out SharedMutexScope scope))
                {
                    busy++;
                    Assert.True(mutex.TryEnter(Child.Limit, out scope));
                }
                scope.DeclareConsistent();
                scope.Dispose();
            }
        }
        finally
        {
            await enough.CancelAsync();
            await starting;
        }
        // One that is held between its start and its program for longer than Dispose waits.
        Assert.InRange(busy, 0, 2);
    }

    [Fact]
    public async Task Attachment_that_everybody_forgot_is_told_as_abandoned_once_it_is_collected()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        EnterAndForget(mutex);
        Task<SharedMutexScope> entering = mutex.EnterAsync().AsTask();
        await Eventually.IsTrue(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return entering.IsCompleted;
        });
        using SharedMutexScope scope = await entering;
        Assert.True(scope.IsAbandoned);
        scope.DeclareConsistent();
    }

    [Fact]
    public void Disposed_mutex_refuses()
    {
        SharedMutex mutex = SharedMutex.CreateUnnamed();
        mutex.Dispose();
        mutex.Dispose();
        Assert.Throws<ObjectDisposedException>(() => mutex.Enter());
        Assert.Throws<ObjectDisposedException>(() => mutex.TryEnter(out _));
        Assert.Throws<ObjectDisposedException>(() => mutex.Share());
    }

    [Fact]
    public void Abandonment_is_told_until_somebody_declares_the_data_consistent()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        Abandon(mutex);
        using (SharedMutexScope told = mutex.Enter())
        {
            Assert.True(told.IsAbandoned);
            told.DeclareConsistent();
        }
        using SharedMutexScope next = mutex.Enter();
        Assert.False(next.IsAbandoned);
    }

    [Fact]
    public void Owner_that_dies_having_been_told_leaves_it_abandoned()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        Abandon(mutex);
        Abandon(mutex);
        using SharedMutexScope scope = mutex.Enter();
        Assert.True(scope.IsAbandoned);
        scope.DeclareConsistent();
    }

    [Fact]
    public void Leaving_without_declaring_makes_it_unusable_for_all_those_who_wait_included()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        Abandon(mutex);
        SharedMutexScope told = mutex.Enter();
        using SharedMutex other = SharedMutex.OpenUnnamed(mutex.Share());
        Blocked one = Blocked.In(() => mutex.Enter());
        Blocked two = Blocked.In(() => other.Enter());
        told.Dispose();
        Assert.Equal(Errno.ENOTRECOVERABLE, Assert.Throws<PosixException>(one.Join).Errno);
        Assert.Equal(Errno.ENOTRECOVERABLE, Assert.Throws<PosixException>(two.Join).Errno);
        Assert.Equal(Errno.ENOTRECOVERABLE, Assert.Throws<PosixException>(() => other.TryEnter(out _)).Errno);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    public void Timeout_is_never_early(int milliseconds)
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        using SharedMutexScope scope = mutex.Enter();
        long start = Stopwatch.GetTimestamp();
        Assert.False(mutex.TryEnter(TimeSpan.FromMilliseconds(milliseconds), out _));
        Assert.True(Stopwatch.GetElapsedTime(start).TotalMilliseconds >= milliseconds);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    public async Task Awaited_timeout_is_never_early(int milliseconds)
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        using SharedMutexScope scope = mutex.Enter();
        long start = Stopwatch.GetTimestamp();
        Assert.Null(await mutex.TryEnterAsync(TimeSpan.FromMilliseconds(milliseconds)));
        Assert.True(Stopwatch.GetElapsedTime(start).TotalMilliseconds >= milliseconds);
    }

    [Fact]
    public void Timeouts_of_any_length_are_accepted_and_negative_ones_refused()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        foreach (TimeSpan timeout in (TimeSpan[])[TimeSpan.Zero, TimeSpan.FromTicks(1), TimeSpan.MaxValue, Timeout.InfiniteTimeSpan])
        {
            Assert.True(mutex.TryEnter(timeout, out SharedMutexScope scope));
            scope.Dispose();
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => mutex.TryEnter(TimeSpan.FromTicks(-2), out _));
    }

    [Fact]
    public async Task Awaited_Enter_completes_when_the_owner_leaves()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        SharedMutexScope scope = mutex.Enter();
        Task<SharedMutexScope> entering = mutex.EnterAsync().AsTask();
        Assert.False(entering.IsCompleted);
        scope.Dispose();
        (await entering.OrHang()).Dispose();
    }

    [Fact]
    public async Task Cancelled_Enter_leaves_the_mutex_to_others()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        SharedMutexScope scope = mutex.Enter();
        using CancellationTokenSource cancellation = new();
        Task<SharedMutexScope> cancelled = mutex.EnterAsync(cancellation.Token).AsTask();
        Task<SharedMutexScope> waiting = mutex.EnterAsync().AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.OrHang());
        scope.Dispose();
        (await waiting.OrHang()).Dispose();
    }

    [Fact]
    public async Task Hundred_awaited_entries_each_get_their_turn()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        int inside = 0, entries = 0;
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
        {
            using SharedMutexScope scope = await mutex.EnterAsync();
            Assert.Equal(1, Interlocked.Increment(ref inside));
            await Task.Yield();
            entries++;
            Interlocked.Decrement(ref inside);
        })).OrHang();
        Assert.Equal(100, entries);
    }

    [Fact]
    public void Recursive_mutex_is_left_with_the_outermost_scope()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed(new() { Recursive = true });
        using SharedMutex other = SharedMutex.OpenUnnamed(mutex.Share());
        using (mutex.Enter())
        {
            using (mutex.Enter())
            {
                Assert.False(other.TryEnter(out _));
            }
            Assert.False(other.TryEnter(out _));
        }
        Assert.True(other.TryEnter(out SharedMutexScope scope));
        scope.Dispose();
    }

    [Fact]
    public void Recursive_mutex_refuses_the_wrong_order_and_the_wrong_thread()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed(new() { Recursive = true });
        SharedMutexScope outer = mutex.Enter();
        SharedMutexScope inner = mutex.Enter();
        Assert.Throws<SynchronizationLockException>(outer.Dispose);
        Exception? other = null;
        Thread thread = new(() => other = Record.Exception(inner.Dispose));
        thread.Start();
        thread.Join();
        Assert.IsType<SynchronizationLockException>(other);
        inner.Dispose();
        inner.Dispose();
        outer.Dispose();
        Assert.True(mutex.TryEnter(out SharedMutexScope again));
        again.Dispose();
    }

    [Fact]
    public void Inner_entry_after_the_data_was_declared_consistent_is_not_told_again()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed(new() { Recursive = true });
        Abandon(mutex);
        using SharedMutexScope outer = mutex.Enter();
        Assert.True(outer.IsAbandoned);
        using (SharedMutexScope inner = mutex.Enter())
        {
            Assert.True(inner.IsAbandoned);
        }
        outer.DeclareConsistent();
        using SharedMutexScope next = mutex.Enter();
        Assert.False(next.IsAbandoned);
    }

    [Fact]
    public void Recursive_entry_of_a_disposed_mutex_is_refused()
    {
        SharedMutex mutex = SharedMutex.CreateUnnamed(new() { Recursive = true });
        _ = mutex.Enter();
        mutex.Dispose();
        Assert.Throws<ObjectDisposedException>(() => mutex.Enter());
    }

    [Fact]
    public void Status_names_owner_waiters_and_participants_and_takes_no_slot()
    {
        using TemporaryName name = new();
        using SharedMutex mutex = SharedMutex.Create(name);
        using SharedMutex other = SharedMutex.Open(name);
        SharedMutexScope scope = other.Enter();
        Blocked waiter = Blocked.In(() => mutex.Enter().Dispose());
        foreach (SharedMutexStatus status in (SharedMutexStatus[])[mutex.GetStatus(), SharedMutex.GetStatus(name)])
        {
            Assert.True(status.IsEntered);
            Assert.Equal(other.Segment.Slot, status.Owner!.Value.Slot);
            Assert.Equal(ProcessIdentity.Current, status.Owner.Value.Process);
            Assert.Equal(1, status.Waiters);
            Assert.Equal([(0, true, 1), (1, true, 0)], status.Participants.Select(each => (each.Slot, each.IsAlive, each.Waiters)));
            Assert.Equal(name.Value, status.Name);
        }
        scope.Dispose();
        waiter.Join();
        Assert.False(mutex.GetStatus().IsEntered);
        Assert.Null(mutex.GetStatus().Owner);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void EnterAndForget(SharedMutex mutex) => SharedMutex.OpenUnnamed(mutex.Share()).Enter();

    private static void Abandon(SharedMutex mutex)
    {
        SharedMutex owner = SharedMutex.OpenUnnamed(mutex.Share());
        _ = owner.Enter();
        owner.Dispose();
    }
}

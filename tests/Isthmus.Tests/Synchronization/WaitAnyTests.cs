using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Synchronization;

public sealed class WaitAnyTests
{
    [Fact]
    public void Takes_the_first_in_the_list_that_is_possible_and_leaves_the_others()
    {
        using SharedMutex busy = SharedMutex.CreateUnnamed(), free = SharedMutex.CreateUnnamed(), later = SharedMutex.CreateUnnamed();
        using SharedMutexScope taken = busy.Enter();
        WaitSource<SharedMutexScope> source = free.ToWaitSource();
        Assert.Equal(1, WaitAny.Wait(busy.ToWaitSource(), source, later.ToWaitSource()));
        Assert.False(free.TryEnter(out _));
        source.Result.Dispose();
        Assert.True(later.TryEnter(out SharedMutexScope scope));
        scope.Dispose();
    }

    [Fact]
    public void Blocks_until_a_mutex_is_left_and_gives_up_the_other()
    {
        using SharedMutex one = SharedMutex.CreateUnnamed(), two = SharedMutex.CreateUnnamed();
        SharedMutexScope inOne = one.Enter(), inTwo = two.Enter();
        int winner = -1;
        WaitSource<SharedMutexScope> second = two.ToWaitSource();
        Blocked wait = Blocked.In(() => winner = WaitAny.Wait(one.ToWaitSource(), second));
        inTwo.Dispose();
        wait.Join();
        Assert.Equal(1, winner);
        second.Result.Dispose();
        inOne.Dispose();
        Assert.True(one.TryEnter(out SharedMutexScope again));
        again.Dispose();
    }

    [Fact]
    public async Task Awaits_descriptors_and_mutexes_together()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        using SharedMutexScope scope = mutex.Enter();
        using EventFd counter = EventFd.Create();
        ValueTask<int> wait = WaitAny.WaitAsync([mutex.ToWaitSource(), WaitSource.Readable(counter.Handle)]);
        Assert.False(wait.IsCompleted);
        counter.Write(1);
        Assert.Equal(1, await wait.AsTask().OrHang());
    }

    [Fact]
    public async Task Cancelled_wait_leaves_everything_as_it_was()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        SharedMutexScope scope = mutex.Enter();
        using EventFd counter = EventFd.Create();
        using CancellationTokenSource cancellation = new();
        Task<int> wait = WaitAny.WaitAsync([mutex.ToWaitSource(), WaitSource.Readable(counter.Handle)], cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.OrHang());
        scope.Dispose();
        Assert.True(mutex.TryEnter(out SharedMutexScope again));
        again.Dispose();
    }

    [Fact]
    public async Task Timed_wait_says_that_the_time_is_up()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        using SharedMutexScope scope = mutex.Enter();
        Assert.Equal(WaitAny.TimedOut, WaitAny.TryWait(TimeSpan.FromMilliseconds(1), mutex.ToWaitSource()));
        Assert.Equal(WaitAny.TimedOut, WaitAny.TryWait(TimeSpan.Zero, mutex.ToWaitSource()));
        Assert.Equal(WaitAny.TimedOut, await WaitAny.TryWaitAsync(TimeSpan.FromMilliseconds(1), [mutex.ToWaitSource()]));
    }

    [Fact]
    public void Passes_a_wake_on_that_was_meant_for_it()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed(), other = SharedMutex.CreateUnnamed();
        for (int round = 0; round < 50; round++)
        {
            SharedMutexScope inMutex = mutex.Enter(), inOther = other.Enter();
            WaitSource<SharedMutexScope> first = other.ToWaitSource(), second = mutex.ToWaitSource();
            WaitSource<SharedMutexScope>[] sources = [first, second];
            Blocked any = Blocked.In(() => sources[WaitAny.Wait(sources)].Result.Dispose());
            Blocked waiter = Blocked.In(() => mutex.Enter().Dispose());
            // Both are possible in the same moment: the one that is not taken is left to the waiter.
            inMutex.Dispose();
            inOther.Dispose();
            any.Join();
            waiter.Join();
        }
    }

    [Fact]
    public void Refuses_no_sources_and_the_same_twice()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        WaitSource source = mutex.ToWaitSource();
        Assert.Throws<ArgumentException>(() => WaitAny.Wait());
        Assert.Throws<ArgumentException>(() => WaitAny.Wait(source, source));
    }

    [Fact]
    public void Disposed_object_ends_the_wait()
    {
        using SharedMutex owner = SharedMutex.CreateUnnamed();
        using SharedMutexScope scope = owner.Enter();
        SharedMutex mutex = SharedMutex.OpenUnnamed(owner.Share());
        Blocked wait = Blocked.In(() => WaitAny.Wait(mutex.ToWaitSource()));
        mutex.Dispose();
        Assert.Throws<ObjectDisposedException>(wait.Join);
    }
}

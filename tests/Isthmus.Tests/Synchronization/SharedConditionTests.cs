using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Synchronization;

public sealed class SharedConditionTests
{
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(15);

    [Fact]
    public void Wait_leaves_the_mutex_and_enters_it_again_when_it_is_signalled()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        using SharedCondition condition = SharedCondition.CreateUnnamed();
        bool entered = false;
        Blocked waiter = Blocked.In(() =>
        {
            SharedMutexScope scope = mutex.Enter();
            condition.Wait(ref scope);
            entered = !mutex.TryEnter(out _);
            scope.Dispose();
        });
        using (mutex.Enter())
        {
            condition.Signal();
        }
        waiter.Join();
        Assert.True(entered);
        Assert.True(mutex.TryEnter(out SharedMutexScope free));
        free.Dispose();
    }

    [Fact]
    public async Task Awaited_wait_leaves_the_mutex_and_enters_it_again()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        using SharedCondition condition = SharedCondition.CreateUnnamed();
        SharedMutexScope before = mutex.Enter();
        Task<SharedMutexScope> waiting = condition.WaitAsync(before, TestContext.Current.CancellationToken).AsTask();
        using (mutex.Enter())
        {
            condition.Signal();
            Assert.False(waiting.IsCompleted);
        }
        SharedMutexScope after = await waiting.OrHang();
        before.Dispose();
        Assert.False(mutex.TryEnter(out _));
        after.Dispose();
        Assert.True(mutex.TryEnter(out _));
    }

    [Fact]
    public void Signal_without_a_waiter_is_none()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        using SharedCondition condition = SharedCondition.CreateUnnamed();
        condition.Signal();
        condition.Broadcast();
        SharedMutexScope scope = mutex.Enter();
        Assert.False(condition.TryWait(ref scope, s_moment));
        scope.Dispose();
        Assert.Equal((1u, 0u), (condition.GetStatus().Waits, condition.GetStatus().Signals));
    }

    [Fact]
    public async Task Broadcast_ends_all_waits_blocked_and_awaited()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        using SharedCondition condition = SharedCondition.CreateUnnamed();
        Blocked[] blocked = [.. Enumerable.Range(0, 3).Select(_ => Blocked.In(() => WaitAndLeave(mutex, condition)))];
        Task<SharedMutexScope> awaited = condition.WaitAsync(mutex.Enter(), TestContext.Current.CancellationToken).AsTask();
        await Eventually.IsTrue(() => condition.GetStatus().Waiters == 4);
        condition.Broadcast();
        // It may be the first in the mutex: the others come after it has left.
        (await awaited.OrHang()).Dispose();
        Array.ForEach(blocked, waiter => waiter.Join());
    }

    [Fact]
    public void As_many_signals_as_waiters_end_all_waits()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        using SharedCondition condition = SharedCondition.CreateUnnamed();
        Blocked[] blocked = [.. Enumerable.Range(0, 3).Select(_ => Blocked.In(() => WaitAndLeave(mutex, condition)))];
        condition.Signal();
        condition.Signal();
        condition.Signal();
        Array.ForEach(blocked, waiter => waiter.Join());
    }

    [Fact]
    public async Task Timed_wait_enters_the_mutex_again()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        using SharedCondition condition = SharedCondition.CreateUnnamed();
        SharedMutexScope scope = mutex.Enter();
        Assert.False(condition.TryWait(ref scope, s_moment));
        Assert.False(mutex.TryEnter(out _));
        SharedConditionWait wait = await condition.TryWaitAsync(scope, s_moment, TestContext.Current.CancellationToken);
        Assert.False(wait.IsSignalled);
        Assert.False(mutex.TryEnter(out _));
        wait.Scope.Dispose();
    }

    [Fact]
    public async Task Cancelled_wait_has_left_the_mutex()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        using SharedCondition condition = SharedCondition.CreateUnnamed();
        using CancellationTokenSource cancellation = new();
        Task<SharedMutexScope> waiting = condition.WaitAsync(mutex.Enter(), cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.OrHang());
        Assert.True(mutex.TryEnter(out SharedMutexScope scope));
        scope.Dispose();
    }

    [Fact]
    public async Task Cancelled_before_has_left_the_mutex_as_if_cancelled_meanwhile()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        using SharedCondition condition = SharedCondition.CreateUnnamed();
        CancellationToken cancelled = new(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => condition.WaitAsync(mutex.Enter(), cancelled).AsTask());
        Assert.True(mutex.TryEnter(out SharedMutexScope scope));
        scope.Dispose();
    }

    [Fact]
    public void Scope_that_is_not_that_of_an_entry_is_refused()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed(new() { Recursive = true });
        using SharedCondition condition = SharedCondition.CreateUnnamed();
        SharedMutexScope none = default;
        Assert.Throws<SynchronizationLockException>(() => condition.Wait(ref none));
        SharedMutexScope spent = mutex.Enter();
        SharedMutexScope inner = mutex.Enter();
        Assert.Throws<SynchronizationLockException>(() => condition.Wait(ref inner));
        inner.Dispose();
        spent.Dispose();
        Assert.Throws<SynchronizationLockException>(() => condition.Wait(ref spent));
    }

    [Fact]
    public void Recursive_mutex_is_left_and_entered_by_a_wait()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed(new() { Recursive = true });
        using SharedCondition condition = SharedCondition.CreateUnnamed();
        SharedMutexScope scope = mutex.Enter();
        Assert.False(condition.TryWait(ref scope, s_moment));
        mutex.Enter().Dispose();
        scope.Dispose();
        Assert.True(mutex.TryEnter(out SharedMutexScope again));
        again.Dispose();
    }

    [Fact]
    public void Disposing_the_condition_ends_the_wait_outside_the_mutex()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        SharedCondition condition = SharedCondition.CreateUnnamed();
        Blocked waiter = Blocked.In(() => WaitAndLeave(mutex, condition));
        condition.Dispose();
        Assert.Throws<ObjectDisposedException>(waiter.Join);
        Assert.True(mutex.TryEnter(out SharedMutexScope scope));
        scope.Dispose();
    }

    [Fact]
    public void Waiter_in_another_process_hears_a_signal()
    {
        using TemporaryName mutexName = new(), conditionName = new();
        using SharedMutex mutex = SharedMutex.Create(mutexName);
        using SharedCondition condition = SharedCondition.Create(conditionName);
        using Child child = Child.Start(Wait, mutexName, conditionName);
        Assert.Equal("entered", child.ReadLine());
        // When the mutex is free, the child waits.
        using (mutex.Enter())
        {
            condition.Signal();
        }
        Assert.Equal("signalled", child.ReadLine());
    }

    [Fact]
    public async Task Waiter_that_is_killed_after_it_was_chosen_swallows_no_signal()
    {
        using TemporaryName mutexName = new(), conditionName = new();
        using SharedMutex mutex = SharedMutex.Create(mutexName);
        using SharedCondition condition = SharedCondition.Create(conditionName);
        using Child chosen = Child.Start(Wait, mutexName, conditionName);
        Assert.Equal("entered", chosen.ReadLine());
        await Eventually.IsTrue(() => condition.GetStatus().Waiters == 1 && Chosen.Sleeps(chosen));
        Blocked next = Blocked.In(() => WaitAndLeave(mutex, condition));
        Chosen.WakeAndKill(chosen, condition.Signal);
        next.Join();
    }

    [Fact]
    public async Task Death_of_one_who_was_about_to_signal_lets_all_look()
    {
        using TemporaryName mutexName = new(), conditionName = new();
        using SharedMutex mutex = SharedMutex.Create(mutexName);
        using SharedCondition condition = SharedCondition.Create(conditionName);
        using Child dying = Child.Start(Own, mutexName, conditionName);
        Assert.Equal("open", dying.ReadLine());
        bool blockedWasTold = false, awaitingWasTold;
        Blocked blocked = Blocked.In(() =>
        {
            SharedMutexScope scope = mutex.Enter();
            condition.Wait(ref scope);
            blockedWasTold = scope.IsAbandoned;
            scope.DeclareConsistent();
            scope.Dispose();
        });
        Task<SharedMutexScope> awaited = condition.WaitAsync(mutex.Enter(), TestContext.Current.CancellationToken).AsTask();
        await Eventually.IsTrue(() => condition.GetStatus().Waiters == 2);
        dying.WriteLine("enter");
        Assert.Equal("entered", dying.ReadLine());
        dying.Kill();
        using (SharedMutexScope scope = await awaited.OrHang())
        {
            awaitingWasTold = scope.IsAbandoned;
            scope.DeclareConsistent();
        }
        blocked.Join();
        Assert.True(blockedWasTold || awaitingWasTold);
    }

    private static void WaitAndLeave(SharedMutex mutex, SharedCondition condition)
    {
        SharedMutexScope scope = mutex.Enter();
        condition.Wait(ref scope);
        scope.Dispose();
    }

    private static void Wait(string[] args)
    {
        using SharedMutex mutex = SharedMutex.Open(args[0]);
        using SharedCondition condition = SharedCondition.Open(args[1]);
        SharedMutexScope scope = mutex.Enter();
        Console.WriteLine("entered");
        condition.Wait(ref scope);
        Console.WriteLine("signalled");
        scope.Dispose();
    }

    private static void Own(string[] args)
    {
        using SharedMutex mutex = SharedMutex.Open(args[0]);
        using SharedCondition condition = SharedCondition.Open(args[1]);
        Console.WriteLine("open");
        Console.ReadLine();
        _ = mutex.Enter();
        Console.WriteLine("entered");
        Console.ReadLine();
    }
}

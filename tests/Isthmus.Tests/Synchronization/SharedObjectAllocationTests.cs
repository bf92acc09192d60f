using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Synchronization;

/// <summary>Operations on shared objects allocate nothing once they run.</summary>
[Collection(Alone.Name)]
public sealed class SharedObjectAllocationTests
{
    private const int Rounds = 1000;

    [Fact]
    public void Sync_calls_allocate_nothing()
    {
        using SharedEvent auto = SharedEvent.CreateUnnamed(EventResetMode.AutoReset);
        using SharedEvent manual = SharedEvent.CreateUnnamed(EventResetMode.ManualReset);
        using SharedSemaphore plain = SharedSemaphore.CreateUnnamed(2, 2);
        using SharedSemaphore tracked = SharedSemaphore.CreateUnnamed(2, 2, new() { OwnerTracked = true });
        using SharedCountdown countdown = SharedCountdown.CreateUnnamed(2);
        using SharedCounter counter = SharedCounter.CreateUnnamed();
        using SharedOnce once = SharedOnce.CreateUnnamed();
        using SharedValue<(long, long)> value = SharedValue<(long, long)>.CreateUnnamed();
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        using SharedCondition condition = SharedCondition.CreateUnnamed();
        Run(100);
        Assert.Equal(0, Allocated.ByThisThread(() => Run(Rounds)));

        void Run(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                auto.Set();
                auto.Wait();
                auto.TryWait(TimeSpan.FromTicks(1));
                manual.Set();
                manual.Wait();
                manual.Reset();
                plain.Acquire();
                plain.TryAcquire();
                plain.TryAcquire(TimeSpan.FromTicks(1));
                plain.Release(2);
                tracked.Acquire();
                tracked.TryAcquire();
                tracked.TryAcquire(TimeSpan.FromTicks(1));
                tracked.Release(2);
                countdown.TryWait(TimeSpan.FromTicks(1));
                countdown.Signal(2);
                countdown.Wait();
                countdown.Reset();
                counter.Increment();
                counter.CompareExchange(0, 5);
                once.Run(static _ => { });
                value.Write((i, i));
                value.Read();
                value.Update(static pair => pair);
                value.TryWaitForNewer(long.MaxValue, TimeSpan.FromTicks(1), out _);
                SharedMutexScope scope = mutex.Enter();
                condition.Signal();
                condition.TryWait(ref scope, TimeSpan.FromTicks(1));
                scope.Dispose();
            }
        }
    }

    [Fact]
    public async Task Async_calls_that_need_not_wait_allocate_nothing()
    {
        using SharedEvent auto = SharedEvent.CreateUnnamed(EventResetMode.AutoReset);
        using SharedSemaphore plain = SharedSemaphore.CreateUnnamed(1, 1);
        using SharedSemaphore tracked = SharedSemaphore.CreateUnnamed(1, 1, new() { OwnerTracked = true });
        using SharedCountdown countdown = SharedCountdown.CreateUnnamed(0);
        using SharedValue<long> value = SharedValue<long>.CreateUnnamed();
        // One object a round would be 24 bytes at least.
        Assert.InRange(await Allocated.PerRoundAsync(RunAsync), 0, 20);

        async Task RunAsync(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                auto.Set();
                await auto.WaitAsync();
                await plain.AcquireAsync();
                plain.Release();
                await tracked.TryAcquireAsync(TimeSpan.FromSeconds(1));
                tracked.Release();
                await countdown.WaitAsync();
                await value.WriteAsync(i);
                await value.WaitForNewerAsync(-1);
            }
        }
    }

    [Fact]
    public void Sync_calls_of_what_is_fair_or_recursive_allocate_nothing()
    {
        using SharedMutex fair = SharedMutex.CreateUnnamed(new() { Fair = true });
        using SharedMutex recursive = SharedMutex.CreateUnnamed(new() { Recursive = true });
        using SharedSemaphore inTurn = SharedSemaphore.CreateUnnamed(1, 1, new() { Fair = true });
        Run(100);
        Assert.Equal(0, Allocated.ByThisThread(() => Run(Rounds)));

        void Run(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                using (fair.Enter())
                {
                    fair.TryEnter(out _);
                    fair.TryEnter(TimeSpan.FromTicks(1), out _);
                }
                using (recursive.Enter())
                {
                    recursive.Enter().Dispose();
                }
                using (inTurn.AcquireScope())
                {
                    inTurn.TryAcquire();
                    inTurn.TryAcquire(TimeSpan.FromTicks(1));
                }
            }
        }
    }

    [Fact]
    public async Task Awaited_entries_that_need_not_wait_allocate_nothing()
    {
        using SharedMutex plain = SharedMutex.CreateUnnamed();
        using SharedMutex fair = SharedMutex.CreateUnnamed(new() { Fair = true });
        using SharedSemaphore inTurn = SharedSemaphore.CreateUnnamed(1, 1, new() { Fair = true });
        Assert.InRange(await Allocated.PerRoundAsync(RunAsync), 0, 20);

        async Task RunAsync(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                (await plain.EnterAsync()).Dispose();
                (await fair.EnterAsync()).Dispose();
                (await fair.TryEnterAsync(TimeSpan.FromSeconds(1)))?.Dispose();
                await inTurn.AcquireAsync();
                inTurn.Release();
            }
        }
    }
}

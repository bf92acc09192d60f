using System.Diagnostics;
using Isthmus.Tests.Harness;
using Isthmus.Tests.SharedMemory;

namespace Isthmus.Tests.Semaphores;

/// <summary>Acquiring and releasing, in this process and across its borders.</summary>
public sealed class PosixSemaphoreUnitTests : IDisposable
{
    private readonly SemaphoreName _name = new();
    private readonly PosixSemaphore _semaphore;

    public PosixSemaphoreUnitTests() => _semaphore = PosixSemaphore.Create(_name, 0);

    public void Dispose()
    {
        _semaphore.Dispose();
        _name.Dispose();
    }

    [Fact]
    public void Units_are_counted()
    {
        Assert.False(_semaphore.TryAcquire());
        _semaphore.Release();
        _semaphore.Release();
        Assert.Equal(2, _semaphore.Value);
        _semaphore.Acquire();
        Assert.True(_semaphore.TryAcquire());
        Assert.False(_semaphore.TryAcquire());
        Assert.Equal(0, _semaphore.Value);
    }

    [Fact]
    public void Release_at_the_most_throws_and_changes_nothing()
    {
        using SemaphoreName name = new();
        using PosixSemaphore full = PosixSemaphore.Create(name, PosixSemaphore.ValueMax);
        SemaphoreFullException error = Assert.Throws<SemaphoreFullException>(full.Release);
        Assert.Equal(Errno.EOVERFLOW, Assert.IsType<PosixException>(error.InnerException).Errno);
        Assert.Equal(PosixSemaphore.ValueMax, full.Value);
    }

    [Fact]
    public void Acquire_waits_for_a_unit()
    {
        Blocked waiter = Blocked.In(_semaphore.Acquire);
        _semaphore.Release();
        waiter.Join();
        Assert.Equal(0, _semaphore.Value);
    }

    [Fact]
    public void TryAcquire_gives_up_at_its_deadline_and_not_before()
    {
        long start = Stopwatch.GetTimestamp();
        Assert.False(_semaphore.TryAcquire(TimeSpan.FromMilliseconds(30)));
        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(30));
        Assert.False(_semaphore.TryAcquire(TimeSpan.Zero));
    }

    [Fact]
    public void TryAcquire_takes_what_comes_in_time()
    {
        Blocked waiter = Blocked.In(() => Assert.True(_semaphore.TryAcquire(Child.Limit)));
        Blocked patient = Blocked.In(() => Assert.True(_semaphore.TryAcquire(Timeout.InfiniteTimeSpan)));
        _semaphore.Release();
        _semaphore.Release();
        waiter.Join();
        patient.Join();
    }

    [Fact]
    public void A_negative_timeout_throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _semaphore.TryAcquire(TimeSpan.FromMilliseconds(-2)));

    [Fact]
    public async Task AcquireAsync_waits_for_a_unit()
    {
        ValueTask waiting = _semaphore.AcquireAsync(TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        _semaphore.Release();
        await waiting.OrHang();
        _semaphore.Release();
        ValueTask atOnce = _semaphore.AcquireAsync(TestContext.Current.CancellationToken);
        Assert.True(atOnce.IsCompletedSuccessfully);
        await atOnce;
    }

    [Fact]
    public async Task A_cancelled_AcquireAsync_has_taken_nothing()
    {
        using CancellationTokenSource cancellation = new();
        Task waiting = _semaphore.AcquireAsync(cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(waiting.OrHang);
        _semaphore.Release();
        await Assert.ThrowsAsync<TaskCanceledException>(() => _semaphore.AcquireAsync(cancellation.Token).AsTask());
        Assert.Equal(1, _semaphore.Value);
    }

    [Fact]
    public async Task No_unit_is_lost_when_cancellation_races_with_release()
    {
        const int Rounds = 200;
        int taken = 0;
        for (int round = 0; round < Rounds; round++)
        {
            using CancellationTokenSource cancellation = new();
            Task acquire = _semaphore.AcquireAsync(cancellation.Token).AsTask();
            Task release = Task.Run(_semaphore.Release, TestContext.Current.CancellationToken);
            await cancellation.CancelAsync();
            await release.OrHang();
            taken += await acquire.OrHang().ContinueWith(task => task.IsCompletedSuccessfully ? 1 : 0, TaskScheduler.Default);
        }
        Assert.Equal(Rounds, taken + _semaphore.Value);
    }

    [Fact]
    public async Task After_Dispose_every_call_throws()
    {
        _semaphore.Dispose();
        _semaphore.Dispose();
        Assert.Throws<ObjectDisposedException>(_semaphore.Acquire);
        Assert.Throws<ObjectDisposedException>(() => _semaphore.TryAcquire());
        Assert.Throws<ObjectDisposedException>(() => _semaphore.TryAcquire(TimeSpan.FromSeconds(1)));
        Assert.Throws<ObjectDisposedException>(_semaphore.Release);
        Assert.Throws<ObjectDisposedException>(() => _semaphore.Value);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _semaphore.AcquireAsync().AsTask());
    }

    [Fact]
    public void Dispose_does_not_end_a_call_that_waits()
    {
        using PosixSemaphore other = PosixSemaphore.Open(_name);
        Blocked waiter = Blocked.In(_semaphore.Acquire);
        _semaphore.Dispose();
        other.Release();
        waiter.Join();
        Assert.Equal(0, other.Value);
    }

    [Fact]
    public async Task Dispose_while_others_use_it_is_an_exception_for_them_and_no_crash()
    {
        for (int round = 0; round < 100; round++)
        {
            PosixSemaphore victim = PosixSemaphore.Open(_name);
            using Barrier start = new(3);
            Task[] users = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => Assert.Throws<ObjectDisposedException>(() => UseForEver(victim, start))))];
            start.SignalAndWait(Child.Limit, TestContext.Current.CancellationToken);
            victim.Dispose();
            await Task.WhenAll(users).OrHang();
        }
    }

    [Fact]
    public void Processes_that_take_turns_lose_no_update()
    {
        const int Rounds = 2000;
        using SharedMemoryName memoryName = new();
        using PosixSharedMemory memory = PosixSharedMemory.Create(memoryName, 8);
        using Child other = Child.Start(CountUnderLock, _name, memoryName, $"{Rounds}");
        Assert.Equal("ready", other.ReadLine());
        _semaphore.Release();
        Count(_semaphore, memory, Rounds);
        Assert.Equal("done", other.ReadLine());
        Assert.Equal(2 * Rounds, memory.AsSpan<long>(0, 1)[0]);
    }

    [Fact]
    public void A_killed_holder_does_not_give_its_unit_back()
    {
        _semaphore.Release();
        using Child holder = Child.Start(HoldForEver, _name);
        Assert.Equal("holding", holder.ReadLine());
        holder.Kill();
        Assert.False(_semaphore.TryAcquire(TimeSpan.FromMilliseconds(20)));
        _semaphore.Release();
        Assert.True(_semaphore.TryAcquire());
    }

    [Fact]
    public void A_killed_waiter_takes_nothing()
    {
        using Child waiter = Child.Start(HoldForEver, _name);
        Assert.Equal("waiting", waiter.ReadLine());
        Assert.True(SpinWait.SpinUntil(() => Waiters() == 1, Child.Limit));
        waiter.Kill();
        _semaphore.Release();
        Assert.Equal(1, _semaphore.Value);
        _semaphore.Acquire();
    }

    private static void UseForEver(PosixSemaphore semaphore, Barrier start)
    {
        start.SignalAndWait(Child.Limit);
        while (true)
        {
            semaphore.Release();
            semaphore.Acquire();
        }
    }

    // glibc counts them in the second half of the first word.
    private int Waiters() => BitConverter.ToInt32(File.ReadAllBytes(_name.Path), 4);

    private static void Count(PosixSemaphore semaphore, PosixSharedMemory memory, int rounds)
    {
        for (int i = 0; i < rounds; i++)
        {
            semaphore.Acquire();
            memory.AsSpan<long>(0, 1)[0]++;
            semaphore.Release();
        }
    }

    private static void CountUnderLock(string[] args)
    {
        using PosixSemaphore semaphore = PosixSemaphore.Open(args[0]);
        using PosixSharedMemory memory = PosixSharedMemory.Open(args[1]);
        Console.WriteLine("ready");
        Count(semaphore, memory, int.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture));
        Console.WriteLine("done");
    }

    private static void HoldForEver(string[] args)
    {
        using PosixSemaphore semaphore = PosixSemaphore.Open(args[0]);
        if (!semaphore.TryAcquire())
        {
            Console.WriteLine("waiting");
            semaphore.Acquire();
        }
        Console.WriteLine("holding");
        Thread.Sleep(Timeout.Infinite);
    }
}

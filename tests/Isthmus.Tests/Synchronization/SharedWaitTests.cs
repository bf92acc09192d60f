using System.Diagnostics;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Synchronization;

/// <summary>What every wait for a shared object has to hold; a primitive's test class derives from this.</summary>
public abstract class SharedWaitTests
{
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(15);

    private readonly SharedWait _kind;

    private protected SharedWaitTests(SharedWait kind) => _kind = kind;

    [Fact]
    public void Released_it_is_passed_at_once()
    {
        using SharedObject shared = _kind.CreateUnnamed();
        Assert.False(_kind.TryWait(shared, TimeSpan.Zero));
        _kind.Release(shared);
        using SharedObject other = _kind.OpenUnnamed(shared.Share());
        Assert.True(_kind.TryWait(other, TimeSpan.Zero));
        Assert.Equal(_kind.IsForOne, !_kind.TryWait(shared, TimeSpan.Zero));
    }

    [Fact]
    public void Blocked_wait_ends_when_it_is_released()
    {
        using SharedObject shared = _kind.CreateUnnamed();
        using SharedObject other = _kind.OpenUnnamed(shared.Share());
        Blocked waiter = Blocked.In(() => _kind.Wait(other));
        _kind.Release(shared);
        waiter.Join();
    }

    [Fact]
    public async Task Awaited_wait_ends_when_it_is_released()
    {
        using SharedObject shared = _kind.CreateUnnamed();
        using SharedObject other = _kind.OpenUnnamed(shared.Share());
        Task waiting = _kind.WaitAsync(other, TestContext.Current.CancellationToken).AsTask();
        Assert.False(waiting.IsCompleted);
        _kind.Release(shared);
        await waiting.OrHang();
    }

    [Fact]
    public async Task Blocked_and_awaited_waits_all_end_by_as_many_releases()
    {
        using SharedObject shared = _kind.CreateUnnamed();
        using SharedObject other = _kind.OpenUnnamed(shared.Share());
        Blocked blocked = Blocked.In(() => _kind.Wait(other));
        Task awaited = _kind.WaitAsync(other, TestContext.Current.CancellationToken).AsTask();
        _kind.Release(shared);
        if (_kind.IsForOne)
        {
            await Task.WhenAny(awaited, Task.Run(blocked.Join, TestContext.Current.CancellationToken)).OrHang();
            _kind.Release(shared);
        }
        blocked.Join();
        await awaited.OrHang();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    public async Task Timeout_is_never_early(int milliseconds)
    {
        using SharedObject shared = _kind.CreateUnnamed();
        TimeSpan timeout = TimeSpan.FromMilliseconds(milliseconds);
        long start = Stopwatch.GetTimestamp();
        Assert.False(_kind.TryWait(shared, timeout));
        Assert.True(Stopwatch.GetElapsedTime(start) >= timeout);
        start = Stopwatch.GetTimestamp();
        Assert.False(await _kind.TryWaitAsync(shared, timeout, TestContext.Current.CancellationToken));
        Assert.True(Stopwatch.GetElapsedTime(start) >= timeout);
    }

    [Fact]
    public async Task Timeouts_of_any_length_are_accepted_and_negative_ones_refused()
    {
        foreach (TimeSpan timeout in (TimeSpan[])[TimeSpan.Zero, TimeSpan.FromTicks(1), TimeSpan.MaxValue, Timeout.InfiniteTimeSpan])
        {
            using SharedObject shared = _kind.CreateUnnamed();
            _kind.Release(shared);
            Assert.True(_kind.TryWait(shared, timeout));
            using SharedObject another = _kind.CreateUnnamed();
            _kind.Release(another);
            Assert.True(await _kind.TryWaitAsync(another, timeout, TestContext.Current.CancellationToken));
            Assert.Throws<ArgumentOutOfRangeException>(() => _kind.TryWait(shared, TimeSpan.FromTicks(-2)));
        }
    }

    [Fact]
    public async Task Waits_that_gave_up_take_nothing_from_the_others()
    {
        using SharedObject shared = _kind.CreateUnnamed();
        using CancellationTokenSource cancellation = new();
        Task cancelled = _kind.WaitAsync(shared, cancellation.Token).AsTask();
        Task waiting = _kind.WaitAsync(shared, TestContext.Current.CancellationToken).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.OrHang());
        Assert.False(_kind.TryWait(shared, s_moment));
        _kind.Release(shared);
        await waiting.OrHang();
    }

    [Fact]
    public async Task Cancelled_before_it_takes_nothing()
    {
        using SharedObject shared = _kind.CreateUnnamed();
        _kind.Release(shared);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _kind.WaitAsync(shared, new CancellationToken(canceled: true)).AsTask());
        Assert.True(_kind.TryWait(shared, TimeSpan.Zero));
    }

    [Fact]
    public async Task Disposing_ends_the_waits_of_the_attachment()
    {
        using SharedObject shared = _kind.CreateUnnamed();
        SharedObject other = _kind.OpenUnnamed(shared.Share());
        Blocked blocked = Blocked.In(() => _kind.Wait(other));
        Task awaited = _kind.WaitAsync(other, TestContext.Current.CancellationToken).AsTask();
        other.Dispose();
        Assert.Throws<ObjectDisposedException>(blocked.Join);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => awaited.OrHang());
        Assert.Throws<ObjectDisposedException>(() => _kind.TryWait(other, TimeSpan.Zero));
        Assert.Throws<ObjectDisposedException>(() => _kind.Release(other));
        Assert.Throws<ObjectDisposedException>(() => _kind.GetStatus(other));
    }

    [Fact]
    public void WaitAny_takes_one_and_leaves_the_other()
    {
        using SharedObject one = _kind.CreateUnnamed(), two = _kind.CreateUnnamed();
        int winner = -1;
        Blocked wait = Blocked.In(() => winner = WaitAny.Wait(_kind.ToWaitSource(one), _kind.ToWaitSource(two)));
        _kind.Release(two);
        wait.Join();
        Assert.Equal(1, winner);
        Assert.Equal(_kind.IsForOne, !_kind.TryWait(two, TimeSpan.Zero));
        _kind.Release(one);
        Assert.True(_kind.TryWait(one, TimeSpan.Zero));
    }

    [Fact]
    public async Task Waits_in_another_process_blocked_and_awaited()
    {
        using TemporaryName name = new();
        using SharedObject shared = _kind.Create(name);
        using Child child = Child.Start(WaitTwice, _kind.GetType().FullName!, name);
        Assert.Equal("open", child.ReadLine());
        await Eventually.IsTrue(() => _kind.GetStatus(shared).Waiters == 2);
        _kind.Release(shared);
        Assert.Equal("passed", child.ReadLine());
        if (_kind.IsForOne)
        {
            _kind.Release(shared);
        }
        Assert.Equal("passed", child.ReadLine());
    }

    [Fact]
    public async Task Waiter_that_is_killed_after_it_was_chosen_swallows_nothing()
    {
        using TemporaryName name = new();
        using SharedObject shared = _kind.Create(name);
        using Child chosen = Child.Start(WaitOnce, _kind.GetType().FullName!, name);
        Assert.Equal("open", chosen.ReadLine());
        await Eventually.IsTrue(() => _kind.GetStatus(shared).Waiters == 1 && Chosen.Sleeps(chosen));
        // The kernel wakes in the order of coming: the child.
        Blocked next = Blocked.In(() => _kind.Wait(shared));
        Chosen.WakeAndKill(chosen, () => _kind.Release(shared));
        if (_kind.IsForOne)
        {
            // Should it have passed before it was killed. If not, nobody has left a flag, and this wakes nobody.
            _kind.Release(shared);
        }
        next.Join();
    }

    private static void WaitOnce(string[] args)
    {
        SharedWait kind = KindOf(args);
        using SharedObject shared = kind.Open(args[1]);
        Console.WriteLine("open");
        kind.Wait(shared);
        Console.WriteLine("passed");
    }

    private static void WaitTwice(string[] args)
    {
        SharedWait kind = KindOf(args);
        using SharedObject shared = kind.Open(args[1]);
        Task awaited = PassAsync(kind, shared);
        Console.WriteLine("open");
        kind.Wait(shared);
        Console.WriteLine("passed");
        awaited.OrHang().GetAwaiter().GetResult();
    }

    private static async Task PassAsync(SharedWait kind, SharedObject shared)
    {
        await kind.WaitAsync(shared, CancellationToken.None);
        Console.WriteLine("passed");
    }

    private static SharedWait KindOf(string[] args) => (SharedWait)Activator.CreateInstance(Type.GetType(args[0])!)!;
}

public sealed class SharedAutoEventWaitTests() : SharedWaitTests(new AutoEventWait());

public sealed class SharedManualEventWaitTests() : SharedWaitTests(new ManualEventWait());

public sealed class SharedSemaphoreWaitTests() : SharedWaitTests(new SemaphoreWait());

public sealed class SharedTrackedSemaphoreWaitTests() : SharedWaitTests(new TrackedSemaphoreWait());

public sealed class SharedCountdownWaitTests() : SharedWaitTests(new CountdownWait());

public sealed class SharedValueWaitTests() : SharedWaitTests(new ValueWait());

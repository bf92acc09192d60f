using System.Diagnostics;
using System.Globalization;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Semaphores;

/// <summary>Operations on sets: together or not at all, waiting, and undone at death.</summary>
public sealed class SystemVSemaphoreSetOperationTests : IDisposable
{
    private readonly TemporarySemaphoreSet _temporary = new(0, 1, 4, 9);
    private readonly SystemVSemaphoreSet _set;

    public SystemVSemaphoreSetOperationTests() => _set = _temporary.Set;

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Units_are_counted()
    {
        Assert.False(_set.TryAcquire(0));
        _set.Release(0, 3);
        _set.Acquire(0, 2);
        Assert.False(_set.TryAcquire(0, 2));
        Assert.True(_set.TryAcquire(0));
        Assert.Equal([0, 1, 4, 9], _set.GetValues());
    }

    [Fact]
    public void Operations_are_done_together()
    {
        _set.Operate(
            SemaphoreOperation.Acquire(1), SemaphoreOperation.Acquire(2, 4), SemaphoreOperation.Acquire(3, 9), SemaphoreOperation.WaitForZero(0));
        Assert.Equal([0, 0, 0, 0], _set.GetValues());
    }

    [Fact]
    public void Operations_are_done_not_at_all_when_one_cannot_be()
    {
        Assert.False(_set.TryOperate(SemaphoreOperation.Acquire(3), SemaphoreOperation.Acquire(0), SemaphoreOperation.Release(2)));
        Assert.False(_set.TryOperate(SemaphoreOperation.Release(0), SemaphoreOperation.WaitForZero(0)));
        Assert.Equal([0, 1, 4, 9], _set.GetValues());
    }

    [Fact]
    public void An_operation_sees_what_those_before_it_have_done()
    {
        Assert.True(_set.TryOperate(SemaphoreOperation.WaitForZero(0), SemaphoreOperation.Release(0)));
        Assert.False(_set.TryOperate(SemaphoreOperation.WaitForZero(0), SemaphoreOperation.Release(0)));
        Assert.True(_set.TryOperate(SemaphoreOperation.Acquire(0), SemaphoreOperation.WaitForZero(0)));
    }

    [Fact]
    public void As_many_operations_as_the_machine_allows_are_done_and_one_more_throws_E2BIG()
    {
        int most = SystemVSemaphoreLimits.Read().MaxOperations;
        _set.Operate([.. Enumerable.Repeat(SemaphoreOperation.Release(0), most)]);
        Assert.Equal(most, _set.GetValue(0));
        SemaphoreOperation[] tooMany = [.. Enumerable.Repeat(SemaphoreOperation.Release(0), most + 1)];
        Assert.Equal(Errno.E2BIG, Assert.Throws<PosixException>(() => _set.Operate(tooMany)).Errno);
        Assert.Equal(most, _set.GetValue(0));
    }

    [Fact]
    public async Task Operations_that_cannot_be_throw_and_change_nothing()
    {
        Assert.Throws<ArgumentException>(() => _set.Operate());
        Assert.Throws<ArgumentException>(() => _set.TryOperate());
        await Assert.ThrowsAsync<ArgumentException>(() => _set.OperateAsync(default, TestContext.Current.CancellationToken).AsTask());
        Assert.Throws<ArgumentOutOfRangeException>(() => SemaphoreOperation.Acquire(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SemaphoreOperation.WaitForZero(65536));
        Assert.Throws<ArgumentOutOfRangeException>(() => SemaphoreOperation.Acquire(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => SemaphoreOperation.Release(0, 32768));
        Assert.Equal(Errno.EFBIG, Assert.Throws<PosixException>(() => _set.Release(4)).Errno);
        PosixException none = await Assert.ThrowsAsync<PosixException>(
            () => _set.AcquireAsync(4, cancellationToken: TestContext.Current.CancellationToken).AsTask());
        Assert.Equal(Errno.EFBIG, none.Errno);
        SemaphoreFullException full = Assert.Throws<SemaphoreFullException>(() => _set.Release(1, SystemVSemaphoreSet.ValueMax));
        Assert.Equal(Errno.ERANGE, Assert.IsType<PosixException>(full.InnerException).Errno);
        Assert.Throws<ArgumentOutOfRangeException>(() => _set.TryAcquire(TimeSpan.FromSeconds(-1), 0));
        Assert.Equal([0, 1, 4, 9], _set.GetValues());
    }

    [Fact]
    public void Waiters_are_counted_and_wake_when_they_can_go_on()
    {
        Blocked units = Blocked.In(() => _set.Acquire(0, 2));
        Blocked zero = Blocked.In(() => _set.WaitForZero(1));
        Blocked both = Blocked.In(() => Assert.True(_set.TryAcquire(Child.Limit, 0, 5)));
        Assert.Equal(2, _set.StatSemaphore(0).WaitingForUnits);
        Assert.Equal(1, _set.StatSemaphore(1).WaitingForZero);
        _set.Acquire(1);
        zero.Join();
        _set.Release(0, 7);
        units.Join();
        both.Join();
        Assert.Equal(new SystemVSemaphoreStatus(0, 0, Environment.ProcessId, 0, 0), _set.StatSemaphore(0));
    }

    [Fact]
    public void Timed_calls_give_up_at_their_deadline_and_not_before()
    {
        long start = Stopwatch.GetTimestamp();
        Assert.False(_set.TryAcquire(TimeSpan.FromMilliseconds(20), 0));
        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(20));
        Assert.False(_set.TryWaitForZero(TimeSpan.FromMicroseconds(10), 1));
        Assert.False(_set.TryAcquire(TimeSpan.Zero, 0));
        Assert.True(_set.TryAcquire(TimeSpan.Zero, 1));
        Assert.True(_set.TryWaitForZero(TimeSpan.Zero, 1));
        Assert.Equal(0, _set.StatSemaphore(0).WaitingForUnits);
    }

    [Fact]
    public void An_infinite_timeout_waits_for_ever()
    {
        Blocked waiter = Blocked.In(() => Assert.True(_set.TryAcquire(Timeout.InfiniteTimeSpan, 0)));
        _set.Release(0);
        waiter.Join();
    }

    [Fact]
    public async Task Awaited_calls_wait_and_can_be_cancelled()
    {
        ValueTask acquire = _set.AcquireAsync(0, 2, cancellationToken: TestContext.Current.CancellationToken);
        using CancellationTokenSource cancellation = new();
        Task cancelled = _set.AcquireAsync(0, cancellationToken: cancellation.Token).AsTask();
        Task zero = _set.WaitForZeroAsync(1, TestContext.Current.CancellationToken).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(cancelled.OrHang);
        Assert.False(acquire.IsCompleted);
        Assert.False(zero.IsCompleted);
        await _set.OperateAsync(new[] { SemaphoreOperation.Release(0, 2), SemaphoreOperation.Acquire(1) }, TestContext.Current.CancellationToken);
        await acquire.OrHang();
        await zero.OrHang();
        await Assert.ThrowsAsync<TaskCanceledException>(() => _set.AcquireAsync(2, cancellationToken: cancellation.Token).AsTask());
        Assert.Equal([0, 0, 4, 9], _set.GetValues());
    }

    [Fact]
    public async Task All_who_wait_wake_with_EIDRM_when_the_set_is_removed()
    {
        Task asynchronous = _set.AcquireAsync(0, cancellationToken: TestContext.Current.CancellationToken).AsTask();
        Blocked[] waiters =
        [
            Blocked.In(() => AssertRemoved(() => _set.Acquire(0))), Blocked.In(() => AssertRemoved(() => _set.WaitForZero(1))),
            Blocked.In(() => AssertRemoved(() => _set.TryAcquire(Child.Limit, 0))),
        ];
        _set.Remove();
        Assert.All(waiters, waiter => waiter.Join());
        Assert.Equal(Errno.EIDRM, (await Assert.ThrowsAsync<PosixException>(asynchronous.OrHang)).Errno);

        static void AssertRemoved(Action call)
        {
            PosixException error = Assert.Throws<PosixException>(call);
            Assert.Equal(Errno.EIDRM, error.Errno);
            Assert.Contains("removed while the call waited", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_to_be_undone_is_undone_by_SIGKILL()
    {
        using Child holder = Hold(SemaphoreUndo.AtExit);
        Assert.Equal([2, 0, 4, 9], _set.GetValues());
        Assert.Equal(holder.Id, _set.StatSemaphore(1).LastProcessId);
        Blocked waiter = Blocked.In(() => _set.Acquire(1));
        holder.Kill();
        waiter.Join();
        Assert.Equal([0, 0, 4, 9], _set.GetValues());
    }

    [Fact]
    public void What_is_to_be_undone_is_undone_at_exit_and_not_when_its_thread_ends()
    {
        using Child holder = Hold(SemaphoreUndo.AtExit);
        holder.WriteLine("end the thread");
        Assert.Equal("thread ended", holder.ReadLine());
        Assert.Equal([2, 0, 4, 9], _set.GetValues());
        holder.WriteLine("exit");
        Assert.Equal(0, holder.WaitForExit());
        Assert.Equal([0, 1, 4, 9], _set.GetValues());
    }

    [Fact]
    public void Without_undo_a_killed_holder_gives_nothing_back()
    {
        using Child holder = Hold(SemaphoreUndo.None);
        holder.Kill();
        Assert.Equal([2, 0, 4, 9], _set.GetValues());
    }

    [Fact]
    public void Setting_a_value_forgets_what_was_to_be_undone()
    {
        using Child holder = Hold(SemaphoreUndo.AtExit);
        _set.SetValue(1, 5);
        holder.Kill();
        Assert.Equal([0, 5, 4, 9], _set.GetValues());
    }

    [Fact]
    public void Undoing_does_not_go_below_zero()
    {
        using Child holder = Hold(SemaphoreUndo.AtExit);
        _set.Acquire(0, 2);
        holder.Kill();
        Assert.Equal([0, 1, 4, 9], _set.GetValues());
    }

    [Fact]
    public void A_killed_waiter_takes_nothing()
    {
        using Child waiter = Child.Start(WaitForEver, Text(_set.Id));
        Assert.True(SpinWait.SpinUntil(() => _set.StatSemaphore(0).WaitingForUnits == 1, Child.Limit));
        waiter.Kill();
        Assert.Equal(0, _set.StatSemaphore(0).WaitingForUnits);
        _set.Release(0);
        Assert.Equal(1, _set.GetValue(0));
    }

    [Fact]
    public void Processes_that_take_turns_never_meet()
    {
        const int Rounds = 500;
        using Child other = Child.Start(TakeTurns, Text(_set.Id), Text(Rounds));
        TakeTurns([Text(_set.Id), Text(Rounds)]);
        Assert.Equal(0, other.WaitForExit());
        Assert.Equal([0, 1, 4, 9], _set.GetValues());
    }

    private Child Hold(SemaphoreUndo undo)
    {
        Child holder = Child.Start(HoldUntilTold, Text(_set.Id), undo.ToString());
        Assert.Equal("holding", holder.ReadLine());
        return holder;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static SystemVSemaphoreSet Open(string id) => SystemVSemaphoreSet.Open(int.Parse(id, CultureInfo.InvariantCulture));

    // Gives 2 units of the first and takes the one of the second, on a thread that ends when told to.
    private static void HoldUntilTold(string[] args)
    {
        SystemVSemaphoreSet set = Open(args[0]);
        SemaphoreUndo undo = Enum.Parse<SemaphoreUndo>(args[1]);
        Thread thread = new(() =>
        {
            set.Operate(SemaphoreOperation.Release(0, 2, undo), SemaphoreOperation.Acquire(1, 1, undo));
            Console.WriteLine("holding");
            Console.ReadLine();
        });
        thread.Start();
        thread.Join();
        Console.WriteLine("thread ended");
        Console.ReadLine();
    }

    private static void WaitForEver(string[] args) => Open(args[0]).Acquire(0);

    // The second semaphore is the lock; who holds it finds the third as it was, or somebody else is in, too.
    private static void TakeTurns(string[] args)
    {
        SystemVSemaphoreSet set = Open(args[0]);
        for (int i = 0; i < int.Parse(args[1], CultureInfo.InvariantCulture); i++)
        {
            set.Acquire(1, 1, SemaphoreUndo.AtExit);
            Assert.True(set.TryAcquire(2, 4));
            Assert.Equal(0, set.GetValue(2));
            set.Release(2, 4);
            set.Release(1, 1, SemaphoreUndo.AtExit);
        }
    }
}

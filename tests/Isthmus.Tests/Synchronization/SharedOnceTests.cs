using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Synchronization;

public sealed class SharedOnceTests
{
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(15);

    [Fact]
    public async Task First_runs_it_and_nobody_after()
    {
        using SharedOnce once = SharedOnce.CreateUnnamed();
        using SharedOnce other = SharedOnce.OpenUnnamed(once.Share());
        OnceAttempt? told = null;
        Assert.False(other.IsDone);
        Assert.True(once.Run(attempt => told = attempt));
        Assert.Equal(OnceAttempt.First, told);
        Assert.True(other.IsDone);
        Assert.False(other.Run(_ => Assert.Fail("It ran twice.")));
        Assert.Equal(OnceOutcome.WasDone, other.TryRun(_ => Assert.Fail("It ran twice."), TimeSpan.Zero));
        Assert.False(await other.RunAsync((_, _) => throw new NotSupportedException(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task One_can_wait_for_the_run_that_completes_it()
    {
        using SharedOnce once = SharedOnce.CreateUnnamed();
        using SharedEvent never = SharedEvent.CreateUnnamed(EventResetMode.AutoReset);
        Task<int> wait = WaitAny.WaitAsync([never.ToWaitSource(), once.ToWaitSource()], TestContext.Current.CancellationToken).AsTask();
        Assert.Throws<NotSupportedException>(() => once.Run(_ => throw new NotSupportedException()));
        Assert.False(wait.IsCompleted);
        once.Run(static _ => { });
        Assert.Equal(1, await wait.OrHang());
    }

    [Fact]
    public async Task Others_wait_for_the_end_of_the_run()
    {
        using SharedOnce once = SharedOnce.CreateUnnamed();
        using ManualResetEventSlim go = new();
        bool ended = false;
        Blocked runner = Blocked.In(() => Assert.True(once.Run(_ =>
        {
            go.Wait(Child.Limit);
            ended = true;
        })));
        Assert.Equal(OnceOutcome.TimedOut, once.TryRun(_ => Assert.Fail("Two run it."), s_moment));
        OnceOutcome outcome = await once.TryRunAsync(
            (_, _) => throw new NotSupportedException(), s_moment, TestContext.Current.CancellationToken);
        Assert.Equal(OnceOutcome.TimedOut, outcome);
        Blocked waiter = Blocked.In(() =>
        {
            Assert.False(once.Run(_ => Assert.Fail("Two run it.")));
            Assert.True(ended);
        });
        ValueTask<bool> awaited = once.RunAsync((_, _) => throw new NotSupportedException(), TestContext.Current.CancellationToken);
        Assert.False(awaited.IsCompleted);
        go.Set();
        runner.Join();
        waiter.Join();
        Assert.False(await awaited.OrHang());
    }

    [Fact]
    public void Run_that_throws_throws_and_the_next_runs_it_and_is_told()
    {
        using SharedOnce once = SharedOnce.CreateUnnamed();
        Assert.Throws<NotSupportedException>(() => once.Run(_ => throw new NotSupportedException()));
        Assert.False(once.IsDone);
        Assert.Equal(OnceAttempt.AfterFailure, once.GetStatus().Earlier);
        Assert.True(once.Run(attempt => Assert.Equal(OnceAttempt.AfterFailure, attempt)));
    }

    [Fact]
    public async Task Run_that_throws_lets_one_of_those_run_it_that_wait()
    {
        using SharedOnce once = SharedOnce.CreateUnnamed();
        TaskCompletionSource go = new();
        Task failing = once.RunAsync(async (_, _) => await go.Task, TestContext.Current.CancellationToken).AsTask();
        Task<bool>[] waiting =
        [
            .. Enumerable.Range(0, 3).Select(_ => once.RunAsync((_, _) => ValueTask.CompletedTask, TestContext.Current.CancellationToken).AsTask()),
        ];
        go.SetException(new NotSupportedException());
        await Assert.ThrowsAsync<NotSupportedException>(() => failing.OrHang());
        Assert.Single(await Task.WhenAll(waiting).OrHang(), ran => ran);
    }

    [Fact]
    public async Task Cancelled_while_another_runs_it_runs_nothing()
    {
        using SharedOnce once = SharedOnce.CreateUnnamed();
        TaskCompletionSource go = new();
        Task<bool> running = once.RunAsync(async (_, _) => await go.Task, TestContext.Current.CancellationToken).AsTask();
        using CancellationTokenSource cancellation = new();
        Task<bool> cancelled = once.RunAsync((_, _) => throw new NotSupportedException(), cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.OrHang());
        go.SetResult();
        Assert.True(await running.OrHang());
    }

    [Fact]
    public void Run_from_within_is_refused_and_counts_as_a_failure()
    {
        using SharedOnce once = SharedOnce.CreateUnnamed();
        Assert.Throws<InvalidOperationException>(() => once.Run(_ => once.Run(_ => { })));
        Assert.True(once.Run(attempt => Assert.Equal(OnceAttempt.AfterFailure, attempt)));
    }

    [Fact]
    public void Killed_runner_is_told_to_the_next()
    {
        using TemporaryName name = new();
        using SharedOnce once = SharedOnce.Create(name);
        using Child runner = Child.Start(RunForEver, name);
        Assert.Equal("runs", runner.ReadLine());
        Assert.Equal(runner.Id, once.GetStatus().Runner!.Value.Process.Id);
        OnceAttempt? told = null;
        Blocked next = Blocked.In(() => Assert.True(once.Run(attempt => told = attempt)));
        runner.Kill();
        next.Join();
        Assert.Equal(OnceAttempt.AfterDeath, told);
        Assert.True(SharedOnce.GetStatus(name).IsDone);
    }

    [Fact]
    public void Disposing_while_it_runs_counts_as_death()
    {
        using SharedOnce once = SharedOnce.CreateUnnamed();
        SharedOnce other = SharedOnce.OpenUnnamed(once.Share());
        Assert.Throws<ObjectDisposedException>(() => other.Run(_ => other.Dispose()));
        Assert.True(once.Run(attempt => Assert.Equal(OnceAttempt.AfterDeath, attempt)));
    }

    private static void RunForEver(string[] args)
    {
        using SharedOnce once = SharedOnce.Open(args[0]);
        once.Run(_ =>
        {
            Console.WriteLine("runs");
            Console.ReadLine();
        });
    }
}

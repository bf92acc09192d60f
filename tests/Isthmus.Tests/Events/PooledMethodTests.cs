using System.Runtime.CompilerServices;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Events;

/// <summary>Async methods of the library behave as the BCL's.</summary>
public sealed class PooledMethodTests
{
    private static readonly AsyncLocal<string?> s_local = new();

    [Fact]
    public async Task Result_comes_whether_the_method_waits_or_not()
    {
        TaskCompletionSource<int> source = new();
        ValueTask<int> waits = AddOne(source.Task), waitsNot = AddOne(Task.FromResult(5));
        Assert.False(waits.IsCompleted);
        Assert.Equal(6, await waitsNot);
        source.SetResult(1);
        Assert.Equal(2, await waits);
        await Nothing(Task.CompletedTask);
    }

    [Fact]
    public async Task Exception_comes_whether_the_method_has_waited_or_not()
    {
        TaskCompletionSource<int> source = new();
        ValueTask<int> waits = AddOne(source.Task);
        ValueTask without = Nothing(source.Task);
        source.SetException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(async () => await waits);
        await Assert.ThrowsAsync<TimeoutException>(async () => await without);
        await Assert.ThrowsAsync<TimeoutException>(async () => await AddOne(source.Task));
        ValueTask<int> cancelled = AddOne(Task.FromCanceled<int>(new CancellationToken(true)));
        Assert.True(cancelled.IsCanceled);
        await Assert.ThrowsAsync<TaskCanceledException>(async () => await cancelled);
    }

    [Fact]
    public async Task Task_that_was_taken_is_not_the_next_ones()
    {
        TaskCompletionSource<int> source = new();
        ValueTask<int> first = AddOne(source.Task);
        source.SetResult(1);
        Assert.Equal(2, await first);
        Assert.Throws<InvalidOperationException>(() => first.IsCompleted);
    }

    [Fact]
    public async Task Result_that_is_asked_for_too_early_is_refused_and_comes_later()
    {
        TaskCompletionSource<int> source = new();
        ValueTask<int> task = AddOne(source.Task);
#pragma warning disable CA2012 // That is what is tested.
        Assert.Throws<InvalidOperationException>(() => task.GetAwaiter().GetResult());
#pragma warning restore CA2012
        source.SetResult(1);
        Assert.Equal(2, await task);
    }

    [Fact]
    public async Task What_flows_with_the_caller_is_there_after_each_wait_and_what_the_method_changes_is_not_the_callers()
    {
        for (int round = 0; round < 3; round++)
        {
            string mine = $"round {round}";
            s_local.Value = mine;
            TaskCompletionSource first = new(), second = new();
            ValueTask<string?> seen = LocalAfter(first.Task, second.Task);
            Assert.Equal(mine, s_local.Value);
            await Task.Run(() =>
            {
                s_local.Value = "of another";
                first.SetResult();
                second.SetResult();
            }, TestContext.Current.CancellationToken);
            Assert.Equal($"{mine} and changed", await seen);
            Assert.Equal(mine, s_local.Value);
        }
    }

    [Fact]
    public async Task Many_at_once_do_not_meet()
    {
        TaskCompletionSource<int>[] sources = [.. Enumerable.Range(0, 1000).Select(_ => new TaskCompletionSource<int>())];
        for (int round = 0; round < 3; round++)
        {
            Task<int>[] tasks = [.. sources.Select(source => AddOne(source.Task).AsTask())];
            Parallel.For(0, sources.Length, index => sources[index].SetResult(index));
            Assert.Equal(Enumerable.Range(1, sources.Length), await Task.WhenAll(tasks).OrHang());
            sources = [.. sources.Select(_ => new TaskCompletionSource<int>())];
        }
    }

    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    private static async ValueTask<int> AddOne(Task<int> task) => await task.ConfigureAwait(false) + 1;

    [AsyncMethodBuilder(typeof(PooledMethodBuilder))]
    private static async ValueTask Nothing(Task task)
    {
        await task.ConfigureAwait(false);
        await Task.Yield();
    }

    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    private static async ValueTask<string?> LocalAfter(Task first, Task second)
    {
        string? before = s_local.Value;
        await first.ConfigureAwait(false);
        Assert.Equal(before, s_local.Value);
        s_local.Value += " and changed";
        await second.ConfigureAwait(false);
        return s_local.Value;
    }
}

using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Processes;

public sealed class StateChangeTests
{
    [Fact]
    public async Task Stop_and_continuation_of_a_child_are_told_until_it_ends()
    {
        using ProcessHandle child = RawChild.Handle(RawChild.Start("exec sleep 1000"));
        await using IAsyncEnumerator<ChildStateChange> changes = child.ReadStateChangesAsync().GetAsyncEnumerator();

        child.Send(Signal.SIGSTOP);
        Assert.True(await changes.MoveNextAsync().OrHang());
        Assert.Equal(new ChildStateChange(ChildState.Stopped, Signal.SIGSTOP), changes.Current);

        child.Send(Signal.SIGCONT);
        Assert.True(await changes.MoveNextAsync().OrHang());
        Assert.Equal(new ChildStateChange(ChildState.Continued, Signal.SIGCONT), changes.Current);

        child.Send(Signal.SIGTSTP);
        Assert.True(await changes.MoveNextAsync().OrHang());
        Assert.Equal(new ChildStateChange(ChildState.Stopped, Signal.SIGTSTP), changes.Current);

        child.Send(Signal.SIGKILL);
        Assert.False(await changes.MoveNextAsync().OrHang());
        Assert.Equal(Signal.SIGKILL, child.Wait().Signal);
    }

    [Fact]
    public async Task A_stop_from_before_is_told_at_once_and_taken_by_no_other_child()
    {
        using ProcessHandle first = RawChild.Handle(RawChild.Start("exec sleep 1000"));
        using ProcessHandle second = RawChild.Handle(RawChild.Start("exec sleep 1000"));
        await using IAsyncEnumerator<ChildStateChange> ofFirst = first.ReadStateChangesAsync().GetAsyncEnumerator();
        ValueTask<bool> none = ofFirst.MoveNextAsync();
        second.Send(Signal.SIGSTOP);
        await Eventually.IsTrue(() => second.ReadStat().State == 'T');

        await foreach (ChildStateChange change in second.ReadStateChangesAsync())
        {
            Assert.Equal(ChildState.Stopped, change.State);
            second.Send(Signal.SIGKILL);
        }

        Assert.False(none.IsCompleted);
        first.Send(Signal.SIGKILL);
        Assert.False(await none.OrHang());
        first.Wait();
        second.Wait();
    }

    [Fact]
    public async Task A_waiter_does_not_mistake_a_stop_for_an_end()
    {
        using ProcessHandle child = RawChild.Handle(RawChild.Start("exec sleep 1000"));
        Task<ExitStatus> wait = child.WaitAsync().AsTask();
        child.Send(Signal.SIGSTOP);
        await Eventually.IsTrue(() => child.ReadStat().State == 'T');
        Assert.False(child.HasExited);
        Assert.False(wait.IsCompleted);
        child.Send(Signal.SIGKILL);
        Assert.Equal(Signal.SIGKILL, (await wait.OrHang()).Signal);
    }

    [Fact]
    public async Task A_second_reader_is_refused_and_a_later_one_is_not()
    {
        using ProcessHandle child = RawChild.Handle(RawChild.Start("exec sleep 1000"));
        using CancellationTokenSource cancel = new();
        IAsyncEnumerator<ChildStateChange> first = child.ReadStateChangesAsync(cancel.Token).GetAsyncEnumerator();
        ValueTask<bool> next = first.MoveNextAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => NextAsync(child).OrHang());

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.OrHang());

        child.Send(Signal.SIGSTOP);
        Assert.True(await NextAsync(child).OrHang());
        child.Stop(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_process_that_is_not_a_child_tells_its_parent_only()
    {
        using ProcessHandle self = ProcessHandle.Open(Environment.ProcessId);
        await Assert.ThrowsAsync<InvalidOperationException>(() => NextAsync(self).OrHang());
    }

    private static async Task<bool> NextAsync(ProcessHandle process)
    {
        await using IAsyncEnumerator<ChildStateChange> changes = process.ReadStateChangesAsync().GetAsyncEnumerator();
        return await changes.MoveNextAsync();
    }
}

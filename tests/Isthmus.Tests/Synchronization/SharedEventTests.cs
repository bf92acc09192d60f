using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Synchronization;

public sealed class SharedEventTests
{
    [Fact]
    public void Sets_of_an_automatic_event_before_anybody_waits_are_one()
    {
        using SharedEvent shared = SharedEvent.CreateUnnamed(EventResetMode.AutoReset);
        shared.Set();
        shared.Set();
        Assert.True(shared.IsSet);
        Assert.True(shared.TryWait());
        Assert.False(shared.TryWait());
        Assert.False(shared.IsSet);
    }

    [Fact]
    public void Manual_event_stays_set_until_it_is_reset()
    {
        using SharedEvent shared = SharedEvent.CreateUnnamed(EventResetMode.ManualReset, new() { IsSet = true });
        Assert.True(shared.TryWait());
        Assert.True(shared.TryWait());
        shared.Reset();
        Assert.False(shared.TryWait());
    }

    [Fact]
    public async Task Set_and_Reset_at_once_lets_all_go_on_that_waited()
    {
        using SharedEvent shared = SharedEvent.CreateUnnamed(EventResetMode.ManualReset);
        Blocked one = Blocked.In(shared.Wait), two = Blocked.In(shared.Wait);
        Task three = shared.WaitAsync(TestContext.Current.CancellationToken).AsTask();
        shared.Set();
        shared.Reset();
        one.Join();
        two.Join();
        await three.OrHang();
        Assert.False(shared.TryWait());
    }

    [Fact]
    public void Set_of_an_automatic_event_lets_one_go_on()
    {
        using SharedEvent shared = SharedEvent.CreateUnnamed(EventResetMode.AutoReset);
        int passed = 0;
        Blocked[] waiters = [.. Enumerable.Range(0, 3).Select(_ => Blocked.In(() =>
        {
            shared.Wait();
            Interlocked.Increment(ref passed);
            shared.Set();
        }))];
        shared.Set();
        Array.ForEach(waiters, waiter => waiter.Join());
        Assert.Equal(3, passed);
        Assert.True(shared.TryWait());
        Assert.False(shared.TryWait());
    }

    [Fact]
    public void Open_finds_the_mode_and_OpenOrCreate_refuses_the_other()
    {
        using TemporaryName name = new();
        using SharedEvent made = SharedEvent.OpenOrCreate(name, EventResetMode.ManualReset);
        using SharedEvent opened = SharedEvent.Open(name);
        Assert.Equal(EventResetMode.ManualReset, opened.Mode);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => SharedEvent.OpenOrCreate(name, EventResetMode.AutoReset));
        Assert.Contains("ManualReset", error.Message, StringComparison.Ordinal);
        Assert.Contains("AutoReset", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => SharedEvent.CreateUnnamed((EventResetMode)2));
    }

    [Fact]
    public void Another_type_of_object_is_refused_with_both_named()
    {
        using TemporaryName name = new();
        using SharedEvent made = SharedEvent.Create(name, EventResetMode.AutoReset);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => SharedSemaphore.Open(name));
        Assert.Contains("event", error.Message, StringComparison.Ordinal);
        Assert.Contains("semaphore", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Status_tells_what_is_and_takes_no_slot()
    {
        using TemporaryName name = new();
        using SharedEvent shared = SharedEvent.Create(name, EventResetMode.AutoReset);
        shared.Set();
        SharedEventStatus status = SharedEvent.GetStatus(name);
        Assert.Equal((true, EventResetMode.AutoReset, 1u, 0), (status.IsSet, status.Mode, status.Sets, status.Waiters));
        Assert.Single(status.Participants);
        Assert.Equal(status.Sets, shared.GetStatus().Sets);
    }
}

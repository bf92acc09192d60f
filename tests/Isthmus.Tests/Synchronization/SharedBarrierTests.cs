using System.Diagnostics;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Synchronization;

public sealed class SharedBarrierTests
{
    [Fact]
    public void Who_arrives_waits_for_all_members()
    {
        using SharedBarrier mine = SharedBarrier.CreateUnnamed(), other = SharedBarrier.OpenUnnamed(mine.Share());
        using SharedBarrierMember one = mine.Join(), two = mine.Join(), three = other.Join();
        BarrierOutcome[] outcomes = new BarrierOutcome[2];
        Blocked first = Blocked.In(() => outcomes[0] = one.SignalAndWait());
        Blocked second = Blocked.In(() => outcomes[1] = three.SignalAndWait());
        Assert.Equal(2, mine.GetStatus().ArrivedCount);
        Assert.Equal(BarrierOutcome.Last, two.SignalAndWait());
        first.Join();
        second.Join();
        Assert.Equal([BarrierOutcome.Passed, BarrierOutcome.Passed], outcomes);
        Assert.Equal(1, one.PassedCount);
    }

    [Fact]
    public void Member_that_is_alone_passes()
    {
        using SharedBarrier mine = SharedBarrier.CreateUnnamed();
        using SharedBarrierMember one = mine.Join();
        Assert.Equal(BarrierOutcome.Last, one.SignalAndWait());
        Assert.Equal(BarrierOutcome.Last, one.TrySignalAndWait());
        Assert.Equal(2, one.PassedCount);
    }

    // Python's test_thousand.
    [Fact]
    public void Thousand_rounds_of_five_members_stay_in_step_and_have_one_last_each()
    {
        const int Rounds = 1000;
        using SharedBarrier mine = SharedBarrier.CreateUnnamed(), other = SharedBarrier.OpenUnnamed(mine.Share());
        SharedBarrierMember[] members = [.. Enumerable.Range(0, 5).Select(index => (index % 2 == 0 ? mine : other).Join())];
        int[] arrived = new int[Rounds];
        int[] last = new int[Rounds];
        Thread[] threads = [.. members.Select(member => new Thread(() =>
        {
            for (int round = 0; round < Rounds; round++)
            {
                Interlocked.Increment(ref arrived[round]);
                if (member.SignalAndWait() == BarrierOutcome.Last)
                {
                    Interlocked.Increment(ref last[round]);
                }
                Assert.Equal(5, Volatile.Read(ref arrived[round]));
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Assert.All(threads, thread => Assert.True(thread.Join(Child.Limit * 5)));
        Assert.All(last, count => Assert.Equal(1, count));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    public void Arrival_that_times_out_is_not_early_and_does_not_count(int milliseconds)
    {
        using SharedBarrier mine = SharedBarrier.CreateUnnamed();
        using SharedBarrierMember one = mine.Join(), two = mine.Join();
        long start = Stopwatch.GetTimestamp();
        Assert.Equal(BarrierOutcome.TimedOut, one.TrySignalAndWait(TimeSpan.FromMilliseconds(milliseconds)));
        Assert.True(Stopwatch.GetElapsedTime(start).TotalMilliseconds >= milliseconds);
        Assert.Equal(0, mine.GetStatus().ArrivedCount);
        Assert.Equal(BarrierOutcome.TimedOut, two.TrySignalAndWait());
        Blocked waiting = Blocked.In(() => one.SignalAndWait());
        Assert.Equal(BarrierOutcome.Last, two.SignalAndWait());
        waiting.Join();
        Assert.Throws<ArgumentOutOfRangeException>(() => one.TrySignalAndWait(TimeSpan.FromTicks(-2)));
    }

    [Fact]
    public async Task Awaited_arrivals_complete_with_the_last()
    {
        using SharedBarrier mine = SharedBarrier.CreateUnnamed(), other = SharedBarrier.OpenUnnamed(mine.Share());
        using SharedBarrierMember one = mine.Join(), two = other.Join(), three = other.Join();
        using CancellationTokenSource cancellation = new();
        Task<BarrierOutcome> cancelled = two.SignalAndWaitAsync(cancellation.Token).AsTask();
        Task<BarrierOutcome> first = one.SignalAndWaitAsync().AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.OrHang());
        Task<BarrierOutcome> second = three.SignalAndWaitAsync().AsTask();
        Assert.False(first.IsCompleted || second.IsCompleted);
        Assert.Equal(BarrierOutcome.Last, await two.TrySignalAndWaitAsync(TimeSpan.Zero));
        Assert.Equal(BarrierOutcome.Passed, await first.OrHang());
        Assert.Equal(BarrierOutcome.Passed, await second.OrHang());
        Assert.Equal(BarrierOutcome.TimedOut, await one.TrySignalAndWaitAsync(TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public void Member_that_leaves_is_not_waited_for()
    {
        using SharedBarrier mine = SharedBarrier.CreateUnnamed(), other = SharedBarrier.OpenUnnamed(mine.Share());
        using SharedBarrierMember one = mine.Join();
        SharedBarrierMember two = other.Join();
        BarrierOutcome outcome = default;
        Blocked waiting = Blocked.In(() => outcome = one.SignalAndWait());
        two.Dispose();
        two.Dispose();
        waiting.Join();
        Assert.Equal(BarrierOutcome.Passed, outcome);
        Assert.Throws<ObjectDisposedException>(() => two.SignalAndWait());
        Assert.Equal(1, mine.GetStatus().MemberCount);
    }

    [Fact]
    public void Member_that_joins_while_others_wait_is_waited_for()
    {
        using SharedBarrier mine = SharedBarrier.CreateUnnamed();
        using SharedBarrierMember one = mine.Join(), two = mine.Join();
        Blocked waiting = Blocked.In(() => one.SignalAndWait());
        using SharedBarrierMember three = mine.Join();
        Assert.Equal(BarrierOutcome.TimedOut, two.TrySignalAndWait());
        Blocked second = Blocked.In(() => two.SignalAndWait());
        Assert.Equal(BarrierOutcome.Last, three.SignalAndWait());
        waiting.Join();
        second.Join();
    }

    [Fact]
    public void Member_arrives_once_at_a_time_and_when_disposed_leaves_after_that()
    {
        using SharedBarrier mine = SharedBarrier.CreateUnnamed();
        SharedBarrierMember one = mine.Join();
        using SharedBarrierMember two = mine.Join();
        Blocked waiting = Blocked.In(() => one.SignalAndWait());
        Assert.Throws<InvalidOperationException>(() => one.TrySignalAndWait());
        one.Dispose();
        Assert.Throws<ObjectDisposedException>(() => one.SignalAndWait());
        Assert.Equal(2, mine.GetStatus().MemberCount);
        Assert.Equal(BarrierOutcome.Last, two.SignalAndWait());
        waiting.Join();
        Assert.Equal(1, mine.GetStatus().MemberCount);
    }

    [Fact]
    public void One_member_more_than_can_be_counted_is_refused_and_changes_nothing()
    {
        using SharedBarrier mine = SharedBarrier.CreateUnnamed();
        SharedBarrierMember[] members = [.. Enumerable.Range(0, SharedBarrier.MembersMax).Select(_ => mine.Join())];
        Assert.Throws<InvalidOperationException>(() => mine.Join());
        Assert.Equal(SharedBarrier.MembersMax, mine.GetStatus().MemberCount);
        Array.ForEach(members, member => member.Dispose());
        Assert.Equal(0, mine.GetStatus().MemberCount);
    }

    [Fact]
    public void Reset_tells_those_who_wait_that_it_broke_and_begins_anew()
    {
        using SharedBarrier mine = SharedBarrier.CreateUnnamed();
        using SharedBarrierMember one = mine.Join(), two = mine.Join();
        BarrierOutcome outcome = default;
        Blocked waiting = Blocked.In(() => outcome = one.SignalAndWait());
        mine.Reset();
        waiting.Join();
        Assert.Equal(BarrierOutcome.Broken, outcome);
        Blocked again = Blocked.In(() => outcome = one.SignalAndWait());
        Assert.Equal(BarrierOutcome.Last, two.SignalAndWait());
        again.Join();
        Assert.Equal(BarrierOutcome.Passed, outcome);
        Assert.Equal(2, mine.GetStatus().Round);
    }

    [Fact]
    public void Disposing_an_attachment_with_members_breaks_it_for_all_until_it_is_reset()
    {
        using SharedBarrier mine = SharedBarrier.CreateUnnamed();
        using SharedBarrierMember one = mine.Join();
        SharedBarrier other = SharedBarrier.OpenUnnamed(mine.Share());
        _ = other.Join();
        BarrierOutcome outcome = default;
        Blocked waiting = Blocked.In(() => outcome = one.SignalAndWait());
        other.Dispose();
        waiting.Join();
        Assert.Equal(BarrierOutcome.Broken, outcome);
        Assert.Equal(BarrierOutcome.Broken, one.SignalAndWait());
        Assert.True(mine.GetStatus().IsBroken);
        mine.Reset();
        Assert.Equal(BarrierOutcome.Last, one.SignalAndWait());
    }

    [Fact]
    public async Task Disposing_ends_the_waits_of_this_attachment()
    {
        using SharedBarrier mine = SharedBarrier.CreateUnnamed();
        using SharedBarrierMember one = mine.Join();
        SharedBarrier other = SharedBarrier.OpenUnnamed(mine.Share());
        SharedBarrierMember two = other.Join(), three = other.Join();
        Blocked blocked = Blocked.In(() => two.SignalAndWait());
        Task awaiting = three.SignalAndWaitAsync().AsTask();
        other.Dispose();
        Assert.Throws<ObjectDisposedException>(blocked.Join);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => awaiting.OrHang());
        Assert.Throws<ObjectDisposedException>(() => two.SignalAndWait());
        Assert.Throws<ObjectDisposedException>(other.Reset);
        two.Dispose();
    }

    [Fact]
    public void WaitAny_takes_back_an_arrival_when_another_source_was_first()
    {
        using SharedBarrier mine = SharedBarrier.CreateUnnamed();
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        using SharedBarrierMember one = mine.Join(), two = mine.Join();
        WaitSource<BarrierOutcome> arrival = one.ToWaitSource();
        SharedMutexScope scope = mutex.Enter();
        int winner = -1;
        WaitSource<SharedMutexScope> entry = mutex.ToWaitSource();
        Blocked wait = Blocked.In(() => winner = WaitAny.Wait(arrival, entry));
        scope.Dispose();
        wait.Join();
        Assert.Equal(1, winner);
        Assert.Equal(0, mine.GetStatus().ArrivedCount);
        wait = Blocked.In(() => winner = WaitAny.Wait(mutex.ToWaitSource(), arrival));
        Assert.Equal(BarrierOutcome.Last, two.SignalAndWait());
        wait.Join();
        Assert.Equal((1, BarrierOutcome.Passed), (winner, arrival.Result));
        entry.Result.Dispose();
    }

    [Fact]
    public void Status_of_a_name_shows_the_members_without_taking_part()
    {
        using TemporaryName name = new();
        using SharedBarrier mine = SharedBarrier.OpenOrCreate(name);
        using SharedBarrierMember one = mine.Join(), two = mine.Join();
        SharedBarrierStatus status = SharedBarrier.GetStatus(name);
        SharedBarrierParty party = Assert.Single(status.Parties);
        Assert.Equal((2, 0), (party.Joined, party.Arrived));
        Assert.Equal(ProcessIdentity.Current, party.Participant!.Value.Process);
        Assert.False(status.IsBroken || status.WillBreak);
    }
}

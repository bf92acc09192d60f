using Isthmus.Tests.Harness;
using Isthmus.Tests.Segments;

namespace Isthmus.Tests.Synchronization;

public sealed class SharedBarrierCrashTests
{
    [Fact]
    public async Task Death_of_a_member_that_had_not_arrived_is_told_to_those_who_wait()
    {
        using TemporaryName name = new();
        using SharedBarrier mine = SharedBarrier.Create(name);
        using SharedBarrierMember one = mine.Join(), two = mine.Join();
        using Child member = Start(name, "join");
        BarrierOutcome outcome = default;
        Blocked blocked = Blocked.In(() => outcome = one.SignalAndWait());
        Task<BarrierOutcome> awaiting = two.SignalAndWaitAsync().AsTask();
        member.Kill();
        blocked.Join();
        Assert.Equal(BarrierOutcome.Broken, outcome);
        Assert.Equal(BarrierOutcome.Broken, await awaiting.OrHang());
        mine.Segment.AwaitVacant(1);
        mine.Reset();
        blocked = Blocked.In(() => outcome = one.SignalAndWait());
        Assert.Equal(BarrierOutcome.Last, two.SignalAndWait());
        blocked.Join();
    }

    [Fact]
    public void Death_of_a_member_that_had_arrived_breaks_the_next_round()
    {
        using TemporaryName name = new();
        using SharedBarrier mine = SharedBarrier.Create(name);
        using SharedBarrierMember one = mine.Join(), two = mine.Join();
        using Child member = Start(name, "arrive");
        member.Kill();
        BarrierOutcome outcome = default;
        Blocked blocked = Blocked.In(() => outcome = one.SignalAndWait());
        Assert.Equal(BarrierOutcome.Last, two.SignalAndWait());
        blocked.Join();
        Assert.Equal(BarrierOutcome.Passed, outcome);
        Eventually(() => mine.GetStatus().IsBroken);
        Assert.Equal(BarrierOutcome.Broken, one.SignalAndWait());
    }

    [Fact]
    public void Death_of_the_only_other_member_after_both_arrived_and_left_is_told_to_nobody()
    {
        using TemporaryName name = new();
        using SharedBarrier mine = SharedBarrier.Create(name);
        using SharedBarrierMember one = mine.Join();
        using Child member = Start(name, "leave");
        member.Kill();
        Assert.Equal(BarrierOutcome.Last, one.SignalAndWait());
    }

    // Found by the explorer, once in 167,000 schedules.
    [Fact]
    public void Recoverer_that_was_paused_while_the_barrier_was_mended_tells_of_a_later_death_in_the_same_slot()
    {
        using TemporaryName name = new();
        using SharedBarrier mine = SharedBarrier.Create(name);
        int slot = JoinAndDie(name, mine);
        Assert.True(mine.Segment.Recover(slot));
        Assert.True(mine.GetStatus().IsBroken);
        SegmentMemory memory = mine.Segment.Memory.With(new DeathProof());
        BarrierRecovery paused = new(slot, proven: false);
        paused.Step(ref memory);
        mine.Reset();
        Assert.Equal(slot, JoinAndDie(name, mine));
        Driver.Run(ref memory, ref paused);
        Assert.True(mine.GetStatus().IsBroken);
    }

    private static int JoinAndDie(string name, SharedBarrier survivor)
    {
        using SharedBarrier dying = SharedBarrier.Open(name);
        using SharedBarrierMember member = dying.Join();
        dying.Segment.Die(survivor.Segment);
        return dying.Segment.Slot;
    }

    [Fact]
    public void Members_of_two_processes_stay_in_step()
    {
        using TemporaryName name = new();
        using SharedBarrier mine = SharedBarrier.Create(name);
        using SharedBarrierMember one = mine.Join();
        using Child member = Start(name, "rounds");
        for (int round = 0; round < 100; round++)
        {
            Assert.True(one.SignalAndWait() is BarrierOutcome.Passed or BarrierOutcome.Last);
            Assert.Equal($"{round}", member.ReadLine());
        }
        member.WriteLine("end");
        Assert.Equal(0, member.WaitForExit());
    }

    [Fact]
    public void Same_death_again_and_again_leaves_the_barrier_as_good_as_new()
    {
        using TemporaryName name = new();
        using SharedBarrier mine = SharedBarrier.Create(name);
        using SharedBarrierMember one = mine.Join();
        for (int round = 0; round < 5; round++)
        {
            using (Child member = Start(name, "join"))
            {
                member.Kill();
            }
            Assert.Equal(BarrierOutcome.Broken, one.SignalAndWait());
            mine.Segment.AwaitVacant(1);
            mine.Reset();
            Assert.Equal(1, mine.GetStatus().MemberCount);
            Assert.Equal(BarrierOutcome.Last, one.SignalAndWait());
        }
        Assert.True(mine.Segment.SlotsInUse <= 2, "A dead participant's slot is taken again.");
    }

    private static void Eventually(Func<bool> holds) => Assert.True(SpinWait.SpinUntil(holds, Child.Limit));

    private static Child Start(string name, string how)
    {
        Child child = Child.Start(TakePart, name, how);
        Assert.Equal("ready", child.ReadLine());
        return child;
    }

    private static void TakePart(string[] args)
    {
        using SharedBarrier barrier = SharedBarrier.Open(args[0]);
        SharedBarrierMember member = barrier.Join();
        switch (args[1])
        {
            case "arrive":
                Blocked.In(() => member.SignalAndWait());
                break;
            case "leave":
                member.Dispose();
                break;
            default:
                break;
        }
        Console.WriteLine("ready");
        for (int round = 0; args[1] == "rounds" && round < 100; round++)
        {
            member.SignalAndWait();
            Console.WriteLine(round);
        }
        Console.ReadLine();
        member.Dispose();
    }
}

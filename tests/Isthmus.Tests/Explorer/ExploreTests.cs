namespace Isthmus.Tests.Explorer;

public sealed class ExploreTests
{
    private readonly Plain _plain = new();

    [Theory]
    [InlineData(RogueDeed.Throws, "InvalidOperationException: rogue")]
    [InlineData(RogueDeed.TouchesTwice, "p0.rogue has two effects in one step")]
    [InlineData(RogueDeed.TouchesWhatIsNotThere, "word 2147483647 is touched and was not declared by the subject")]
    [InlineData(RogueDeed.AsksForNobody, "p0.rogue asks about slot -1, and there are 1")]
    [InlineData(RogueDeed.RunsForEver, "p0.rogue runs for ever")]
    [InlineData(RogueDeed.Waits, "p0.rogue sleeps for ever on word")]
    internal void What_no_operation_may_do_is_found(RogueDeed deed, string message) =>
        Assert.Equal(message, Explore.All(new Scenario(_plain, [Plain.Does(deed)])).Violation?.Message);

    [Fact]
    public void Who_waits_after_its_wait_was_ended_is_found()
    {
        Scenario waits = new(new Plain { LetsSleep = true }, [Plain.Does(RogueDeed.WaitsThoughWithdrawn)]);
        Assert.Equal("p0.rogue waits after its wait was ended", Explore.All(waits).Violation?.Message);
    }

    [Fact]
    public void Chance_finds_who_runs_for_ever() =>
        Assert.Equal("p0.rogue runs for ever", Explore.Some(new Scenario(_plain, [Plain.Does(RogueDeed.RunsForEver)]), 1).Violation?.Message);

    [Fact]
    public void A_ring_that_stops_at_one_who_does_not_stand_for_all_is_found()
    {
        Routine two = new("two", Instruction.Run(me => new AtLeast(0, 2, me.Waiters))) { Waiters = Waiters.Bells };
        Routine one = new("one", Instruction.Run(me => new AtLeast(0, 1, me.Waiters))) { Waiters = Waiters.Bells };
        Routine raise = new("raise", Instruction.Run(_ => new Raise(0)));
        Assert.Equal("p0.two0 sleeps for ever on word", Explore.All(new Scenario(_plain, [two, one], [raise])).Violation?.Message);
        Scenario alone = new(_plain, [one], [one], [raise]);
        Assert.Null(Explore.All(alone).Violation);
    }

    [Fact]
    public void A_bug_that_needs_two_preemptions_is_found_with_two()
    {
        MutexSubject mutex = new()
        {
            Enter = Instruction.Run(
                me => new FaultyEnter(me.Slot, me.Waiters, MutexFault.EntersByStore), (me, enter) => MutexSubject.Entered(me, enter.Outcome, enter.Owned)),
        };
        Scenario two = new(mutex, [mutex.Worker], [mutex.Worker]);
        Exploration one = Explore.All(two with { PreemptionsMax = 1 });
        Assert.Null(one.Violation);
        Assert.True(one.IsComplete);
        Assert.NotNull(Explore.All(two with { PreemptionsMax = 2 }).Violation);
    }

    [Fact]
    public void Who_takes_an_empty_slot_is_counted_before_it_does_anything()
    {
        Instruction nothing = Instruction.Run(_ => new Access(AccessKind.Load, 0, 0));
        Scenario newcomer = new(_plain, [new Routine("worker", nothing)], []) { Occupant = new Routine("newcomer", Sees(2)) };
        Assert.Null(Explore.All(newcomer).Violation);
        foreach (int slots in (int[])[1, 2])
        {
            Scenario worker = new(_plain, [new Routine("worker", Sees(slots))], []) { Occupant = new Routine("newcomer", nothing) };
            Assert.Equal($"p0.worker: does not see {slots} slots", Explore.All(worker).Violation?.Message);
        }
    }

    [Fact]
    public void Equal_states_are_one_whatever_stands_in_their_padding()
    {
        Scenario two = MutexSubject.Suite.Whole[1];
        Assert.Equal(Explore.All(two).States, Explore.All(two).States);
        Assert.Equal([ulong.MaxValue, byte.MaxValue], Padding.MaskOf<Padded>());
    }

    [Fact]
    public void No_more_states_are_tried_than_asked_for()
    {
        Exploration some = Explore.All(MutexSubject.Suite.Whole[0], statesMax: 100);
        Assert.Equal(100, some.States);
        Assert.False(some.IsComplete);
    }

    [Fact]
    public void A_schedule_that_breaks_nothing_is_replayed_to_no_violation() =>
        Assert.Null(Explore.Replay(MutexSubject.Suite.Whole[0], "0 0 0 0 0 2 2 2 2 2"));

    [Fact]
    public void A_move_is_text_and_a_move_again() =>
        Assert.Equal("3 3:1 =2 ~4 -5 !0 +0", Schedule.Format(Schedule.Parse("3 3:1 =2 ~4 -5 !0 +0")));

    private static Instruction Sees(int slots) => Instruction.Run(
        _ => new Access(AccessKind.Slots, 0, 0), (me, seen) => me.Check(seen.Found == (ulong)slots, $"does not see {slots} slots"));

    private readonly record struct Padded(ulong Whole, byte Part);
}

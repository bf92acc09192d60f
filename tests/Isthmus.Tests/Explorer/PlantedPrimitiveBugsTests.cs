namespace Isthmus.Tests.Explorer;

/// <summary>The explorer finds each bug that is planted in the primitives: their subjects see what they have to.</summary>
public sealed class PlantedPrimitiveBugsTests(ITestOutputHelper output)
{
    [Fact]
    public void Automatic_event_whose_waiter_keeps_a_wake_as_it_gives_up()
    {
        EventSubject auto = Planted(EventResetMode.AutoReset, WordFault.KeepsTheWake, WordFault.None);
        AssertFinds(new Scenario(auto, [auto.Waiter], [auto.Setter], [auto.Waiter]), "sleeps for ever");
    }

    [Fact]
    public void Automatic_event_that_stays_set()
    {
        EventSubject auto = Planted(EventResetMode.AutoReset, WordFault.PassesWithoutTaking, WordFault.None);
        AssertFinds(new Scenario(auto, [auto.Waiter], [auto.Setter]), "more passed");
    }

    [Fact]
    public void Automatic_event_whose_setter_wakes_nobody()
    {
        EventSubject auto = Planted(EventResetMode.AutoReset, WordFault.None, WordFault.WakesNobody);
        AssertFinds(new Scenario(auto, [auto.Waiter], [auto.Setter]), "sleeps for ever");
    }

    [Fact]
    public void Manual_event_whose_waiter_misses_what_was_reset_at_once()
    {
        EventSubject manual = Planted(EventResetMode.ManualReset, WordFault.SeesOnlyWhatIs, WordFault.None);
        AssertFinds(new Scenario(manual, [manual.Waiter], [manual.Pulser]), "sleeps for ever");
    }

    [Fact]
    public void Manual_event_whose_setter_wakes_one()
    {
        EventSubject manual = Planted(EventResetMode.ManualReset, WordFault.None, WordFault.WakesOne);
        AssertFinds(new Scenario(manual, [manual.Waiter, manual.Waiter], [manual.Setter]), "sleeps for ever");
    }

    [Fact]
    public void Semaphore_whose_waiter_does_not_wake_the_next()
    {
        SemaphoreSubject none = new(0)
        {
            Acquire = Instruction.Run(
                me => new PassGate<FaultyGate<SemaphoreGate>>(new(default, WordFault.ForgetsThatThereIsMore), me.Waiters),
                (me, acquire) => SemaphoreSubject.Acquired(me, acquire.Passed)),
        };
        AssertFinds(new Scenario(none, [none.Taker], [SemaphoreSubject.Giver with { Rounds = 2 }], [none.Taker]), "sleeps for ever");
    }

    [Fact]
    public void Countdown_that_tells_one_of_its_end()
    {
        CountdownSubject one = new(1)
        {
            Signal = Instruction.Run(me => new ChangeWord<FaultyChange<CountdownSignal>>(new(new CountdownSignal(1), WordFault.WakesOne))),
        };
        AssertFinds(new Scenario(one, [one.Waiter, one.Waiter], [one.Signaller]), "sleeps for ever");
    }

    [Fact]
    public void Once_whose_end_tells_those_only_who_have_left_a_flag()
    {
        // The bug that the explorer found: a waiter keeps the wake of a run that failed when another run has completed meanwhile.
        OnceSubject once = new()
        {
            Begin = Instruction.Run(
                me => new PassGate<FaultyGate<OnceGate>>(new(new OnceGate(me.Slot), WordFault.KeepsTheWake), me.Waiters),
                (me, begin) => OnceSubject.Came(me, begin.Passed, begin.Word)),
        };
        Routine runner = once.Runner;
        AssertFinds(new Scenario(once, [once.Thrower, runner], [runner], [runner]), "sleeps for ever");
    }

    [Fact]
    public void Condition_whose_signal_takes_the_flag_of_the_others()
    {
        ConditionSubject one = new()
        {
            Signal = Instruction.Run(
                me => new ChangeWord<FaultyChange<ConditionSignal>>(new(new ConditionSignal(false), WordFault.TakesTheFlagsOut)),
                (me, signal) => ConditionSubject.Signalled(me, signal.Changed)),
        };
        AssertFinds(
            new Scenario(one, [one.Waiter, one.Waiter], [one.Signaller with { Rounds = 2 }]) { HasSpuriousWakes = false }, "a signal ended no wait");
    }

    [Fact]
    public void Condition_whose_newcomer_keeps_the_wake_of_another()
    {
        ConditionSubject one = new()
        {
            Wait = Instruction.Run(
                me => new ForgetfulConditionWait(ConditionSubject.SequenceOf(me)), (me, wait) => ConditionSubject.Waited(me, wait.Signalled)),
        };
        AssertFinds(
            new Scenario(one, [one.Waiter, one.Waiter], [one.Signaller]) { HasSpuriousWakes = false }, "a signal ended no wait");
    }

    [Fact]
    public void Condition_whose_recovery_wakes_and_does_not_signal()
    {
        ConditionSubject one = new()
        {
            Recovery = Instruction.Run(me => new Recoveries<MutexRecovery, WakeRecovery>(new(me.Victim, me.IsProven), new(ConditionWord.Word))),
        };
        Routine bells = one.Consumer with { Waiters = Waiters.Bells };
        AssertFinds(new Scenario(one, [bells], [one.Producer]) { Crashes = 1 }, "sleeps for ever");
    }

    [Theory]
    [InlineData(TrackedFault.DoesNotHelp, "permits")]
    [InlineData(TrackedFault.HelpsWithoutNumber, "permits")]
    [InlineData(TrackedFault.DoesNotProve, "could not release what it held")]
    [InlineData(TrackedFault.FinishesByStore, "permits", 2)]
    [InlineData(TrackedFault.DoesNotWake, "sleeps for ever")]
    internal void Tracked_semaphore_whose_recovery_is_wrong(TrackedFault fault, string message, int permits = 1)
    {
        TrackedSemaphoreSubject one = new(permits)
        {
            Recovery = Instruction.Run(me => new FaultyTrackedRecovery(me.Victim, me.IsProven, fault)),
        };
        AssertFinds(new Scenario(one, [one.Worker], [one.Worker]) { Crashes = 1, Occupant = one.Worker }, message);
    }

    [Fact]
    public void Value_whose_reader_does_not_look_again()
    {
        ValueSubject value = new()
        {
            Read = Instruction.Run(
                me => new FaultyValueRead(ValueSubject.Copies), (me, read) => ValueSubject.WasRead(me, read.Value, read.Version)),
        };
        AssertFinds(new Scenario(value, [value.Reader], [value.Writer with { Rounds = 2 }]), "read Pair");
    }

    [Theory]
    [InlineData(ValueFault.WritesWhatIsRead)]
    [InlineData(ValueFault.PublishesFirst)]
    internal void Value_whose_writer_is_wrong(ValueFault fault)
    {
        ValueSubject value = new()
        {
            Publish = Instruction.Run(me => new FaultyValuePublish(ValueSubject.Copies, ValueSubject.Next(me), fault)),
        };
        AssertFinds(new Scenario(value, [value.Reader], [value.Writer with { Rounds = 2 }]), "read Pair");
    }

    [Fact]
    public void Doubles_without_a_bug_have_none()
    {
        EventSubject auto = Planted(EventResetMode.AutoReset, WordFault.None, WordFault.None);
        Assert.Null(Explore.All(new Scenario(auto, [auto.Waiter], [auto.Setter], [auto.Waiter])).Violation);
        TrackedSemaphoreSubject one = new(1)
        {
            Recovery = Instruction.Run(me => new FaultyTrackedRecovery(me.Victim, me.IsProven, TrackedFault.None)),
        };
        Assert.Null(Explore.All(new Scenario(one, [one.Worker], [one.Worker]) { Crashes = 1 }).Violation);
        ValueSubject value = new()
        {
            Publish = Instruction.Run(me => new FaultyValuePublish(ValueSubject.Copies, ValueSubject.Next(me), ValueFault.None)),
        };
        Assert.Null(Explore.All(new Scenario(value, [value.Reader], [value.Writer with { Rounds = 2 }])).Violation);
    }

    private void AssertFinds(Scenario scenario, string message)
    {
        Violation? violation = Explore.All(scenario).Violation;
        Assert.NotNull(violation);
        output.WriteLine($"{violation}");
        Assert.Contains(message, violation.Message, StringComparison.Ordinal);
    }

    private static EventSubject Planted(EventResetMode mode, WordFault gate, WordFault set)
    {
        EventSubject right = new(mode);
        return new(mode)
        {
            Wait = Instruction.Run(
                me => new PassGate<FaultyGate<EventGate>>(new(new EventGate(mode), gate), me.Waiters), (me, wait) => right.Waited(me, wait.Passed)),
            Set = Instruction.Run(me => new ChangeWord<FaultyChange<EventSet>>(new(new EventSet(mode), set))),
        };
    }
}

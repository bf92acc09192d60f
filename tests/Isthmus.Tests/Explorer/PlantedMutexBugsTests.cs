namespace Isthmus.Tests.Explorer;

/// <summary>The explorer is worth what it finds: each bug that is planted in the mutex, and none where none is.</summary>
public sealed class PlantedMutexBugsTests(ITestOutputHelper output)
{
    [Fact]
    public void Where_there_is_no_bug_none_is_found()
    {
        Exploration all = Explore.All(Two(MutexFault.None));
        Assert.Null(all.Violation);
        Assert.True(all.IsComplete);
    }

    [Theory]
    [InlineData(MutexFault.TakesAWakeForTheGrant, "who is inside is not the owner")]
    [InlineData(MutexFault.EntersByStore, "was not the owner when it left")]
    [InlineData(MutexFault.SleepsUnannounced, "sleeps for ever on owner")]
    [InlineData(MutexFault.MarksByStore, "sleeps for ever on owner")]
    [InlineData(MutexFault.TellsTheFirstOnly, "was told Entered")]
    [InlineData(MutexFault.IgnoresUnusable, "entered what nobody can enter")]
    [InlineData(MutexFault.WakesFirst, "sleeps for ever on owner")]
    [InlineData(MutexFault.DoesNotWake, "sleeps for ever on owner")]
    [InlineData(MutexFault.LeavesByStore, "sleeps for ever on owner")]
    [InlineData(MutexFault.HasTwoEffects, "has two effects in one step")]
    [InlineData(MutexFault.TouchesAnotherWord, "was not declared")]
    [InlineData(MutexFault.RecoversWithoutProof, "was not the owner when it left")]
    [InlineData(MutexFault.ProvesFirst, "was not the owner when it left")]
    [InlineData(MutexFault.RecoversByStore, "who is inside is not the owner")]
    [InlineData(MutexFault.RecoversWithoutWake, "sleeps for ever on owner")]
    [InlineData(MutexFault.WakesAfterRepairOnly, "sleeps for ever on owner")]
    [InlineData(MutexFault.RecoversInSilence, "was told Entered")]
    [InlineData(MutexFault.RecoversFromAnybody, "was not the owner when it left")]
    [InlineData(MutexFault.RecoversForEver, "runs for ever")]
    internal void Two_participants_and_a_death_find_it(MutexFault fault, string message) => AssertFinds(Two(fault), message);

    [Theory]
    [InlineData(MutexFault.KeepsTheWake, "sleeps for ever on owner")]
    [InlineData(MutexFault.DoesNotMarkAgain, "sleeps for ever on owner")]
    internal void Three_participants_find_it(MutexFault fault, string message)
    {
        MutexSubject mutex = Plant(fault);
        AssertFinds(new Scenario(mutex, [mutex.Worker], [mutex.Worker], [mutex.Worker]), message);
    }

    [Theory]
    [InlineData(MutexFault.ThrowsTheNextOut)]
    [InlineData(MutexFault.HasNoGeneration)]
    internal void A_second_exit_finds_that_it_throws_the_next_owner_out(MutexFault fault)
    {
        MutexSubject mutex = Plant(fault);
        AssertFinds(new Scenario(mutex, [mutex.DoubleWorker, mutex.Worker], [mutex.Worker]), "left twice");
    }

    // A recoverer that was paused takes the third owner for the first: the same slot, the same flags.
    [Fact]
    public void Two_deaths_find_that_a_word_can_come_again()
    {
        MutexSubject mutex = Plant(MutexFault.HasNoGeneration);
        AssertFinds(new Scenario(mutex, [mutex.Worker], [mutex.Worker]) { Crashes = 2, Occupant = mutex.Worker }, "was not the owner when it left");
    }

    [Theory]
    [InlineData(MutexFault.KeepsTheWake, "sleeps for ever on owner")]
    [InlineData(MutexFault.ProvesFirst, "was not the owner when it left")]
    [InlineData(MutexFault.TellsOneOfUnusable, "sleeps for ever on owner")]
    internal void Chance_finds_it_with_four(MutexFault fault, string message)
    {
        MutexSubject mutex = Plant(fault);
        Scenario four = new(mutex, [mutex.Worker], [mutex.Worker, mutex.Worker], [mutex.Worker]) { Crashes = 1, Occupant = mutex.Worker };
        Violation? violation = Explore.Some(four, 100_000).Violation;
        Assert.NotNull(violation);
        output.WriteLine($"{violation}");
        Assert.Contains(message, violation.Message, StringComparison.Ordinal);
        Assert.Equal(violation.ToString(), Explore.Some(four, 1, violation.Seed!.Value).Violation?.ToString());
    }

    private void AssertFinds(Scenario scenario, string message)
    {
        Violation? violation = Explore.All(scenario).Violation;
        Assert.NotNull(violation);
        output.WriteLine($"{violation}");
        Assert.Contains(message, violation.Message, StringComparison.Ordinal);
        Assert.Equal(violation.ToString(), Explore.Replay(scenario, violation.Schedule)?.ToString());
    }

    private static Scenario Two(MutexFault fault)
    {
        MutexSubject mutex = Plant(fault);
        Routine worker = mutex.Worker with { Rounds = 2 };
        return new Scenario(mutex, [worker], [worker]) { Crashes = 1, Occupant = mutex.Worker };
    }

    private static MutexSubject Plant(MutexFault fault) => new()
    {
        Enter = Instruction.Run(me => new FaultyEnter(me.Slot, me.Waiters, fault), (me, enter) => MutexSubject.Entered(me, enter.Outcome, enter.Owned)),
        Exit = Instruction.Run(me => new FaultyExit(MutexSubject.OwnedBy(me), fault), (me, exit) => MutexSubject.Left(me, exit.Left)),
        ExitAgain = Instruction.Run(me => new FaultyExit(MutexSubject.OwnedBy(me), fault), (me, exit) => MutexSubject.LeftAgain(me, exit.Left)),
        Recovery = Instruction.Run(me => new FaultyRecovery(me.Victim, me.IsProven, fault)),
    };
}

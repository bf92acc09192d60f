namespace Isthmus.Tests.Explorer;

/// <summary>What the promises of the fair mutex are worth: each bug breaks one of them.</summary>
public sealed class PlantedFairMutexBugsTests(ITestOutputHelper output)
{
    [Fact]
    public void A_mutex_that_is_not_fair_is_found_to_pass_one_that_waits()
    {
        MutexSubject mutex = new() { Watched = 0, PassedMax = 1 };
        AssertFinds(new Scenario(mutex, [mutex.Steady], [mutex.Steady with { Rounds = 4 }]), "enters before one that waits");
    }

    [Theory]
    [InlineData(SeamFault.WaitsUnannounced)]
    [InlineData(SeamFault.DropsWakes)]
    internal void Entry_that_waits_or_gives_up_wrongly_is_found(SeamFault fault)
    {
        Instruction enter = Instruction.Run(
            me => new Faulty<FairMutexEnter>(new(me.Slot, me.Waiters), fault),
            (me, enter) => MutexSubject.Entered(me, enter.Operation.Outcome, enter.Operation.Owned));
        MutexSubject mutex = MutexSubject.Fair(enter: enter);
        AssertFinds(new Scenario(mutex, [mutex.Worker], [mutex.Worker, mutex.Worker]) { HasSpuriousWakes = false }, "sleeps for ever");
    }

    [Fact]
    public void Exit_that_does_not_call_the_next_is_found()
    {
        MutexSubject mutex = MutexSubject.Fair(exit: Instruction.Run(
            me => new Faulty<FairMutexExit>(new(MutexSubject.OwnedBy(me)), SeamFault.DropsWakes),
            (me, exit) => MutexSubject.Left(me, exit.Operation.Left)));
        AssertFinds(new Scenario(mutex, [mutex.Steady], [mutex.Steady]) { HasSpuriousWakes = false }, "sleeps for ever");
    }

    [Theory]
    [InlineData(SeamFault.DropsWakes, "sleeps for ever")]
    [InlineData(SeamFault.TrustsNoProof, "was not the owner when it left")]
    internal void Recovery_that_repairs_wrongly_is_found(SeamFault fault, string message)
    {
        MutexSubject mutex = MutexSubject.Fair(
            recovery: Instruction.Run(me => new Faulty<FairMutexRecovery>(new(me.Victim, me.IsProven), fault)));
        Scenario two = new(mutex, [mutex.Steady], [mutex.Steady]) { Crashes = 1, Occupant = mutex.Steady, HasSpuriousWakes = false };
        AssertFinds(two, message);
    }

    private void AssertFinds(Scenario scenario, string message)
    {
        Exploration all = Explore.All(scenario);
        output.WriteLine($"{all.States} states\n{all.Violation}");
        Assert.Contains(message, all.Violation?.Message);
        Assert.Equal(all.Violation!.Message, Explore.Replay(scenario, all.Violation.Schedule)?.Message);
    }
}

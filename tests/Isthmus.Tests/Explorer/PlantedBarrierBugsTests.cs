namespace Isthmus.Tests.Explorer;

/// <summary>What the promises of the barrier are worth: each bug breaks one of them.</summary>
public sealed class PlantedBarrierBugsTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(SeamFault.DropsWakes, "sleeps for ever")]
    [InlineData(SeamFault.WaitsUnannounced, "sleeps for ever")]
    [InlineData(SeamFault.StoresInstead, "a round is passed before all have arrived")]
    [InlineData(SeamFault.RaisesNoVersion, "was told TimedOut")]
    internal void Arrival_that_is_wrong_is_found(SeamFault fault, string message)
    {
        Instruction arrive = Instruction.Run(
            me => new Faulty<BarrierArrive>(new(me.Slot, me.Waiters), fault),
            (me, arrive) => BarrierSubject.Arrived(me, arrive.Operation.Outcome, 0, skips: false));
        BarrierSubject subject = new();
        Routine faulty = new("faulty", subject.Join, arrive.Timed(), BarrierSubject.BeforeLeave, subject.Leave);
        AssertFinds(new Scenario(subject, [faulty], [faulty]), message);
    }

    [Fact]
    public void Member_that_joins_in_silence_is_found()
    {
        BarrierSubject subject = new()
        {
            Join = Instruction.Run(
                me => new Faulty<BarrierJoin>(new(me.Slot), SeamFault.RaisesNoVersion),
                (me, join) => BarrierSubject.Joined(me, join.Operation.HasJoined)),
        };
        AssertFinds(new Scenario(subject, [subject.Guest], [subject.Guest]), "a round is passed before all have arrived");
    }

    [Fact]
    public void Member_that_leaves_without_a_look_at_the_others_is_found()
    {
        BarrierSubject subject = new()
        {
            Leave = Instruction.Run(me => new Faulty<BarrierLeave>(new(me.Slot), SeamFault.DropsWakes)),
        };
        AssertFinds(new Scenario(subject, [subject.Member], [subject.Guest]), "sleeps for ever");
    }

    [Theory]
    [InlineData(SeamFault.DropsWakes, "sleeps for ever")]
    [InlineData(SeamFault.TrustsNoProof, "could not leave")]
    [InlineData(SeamFault.StoresInstead, "could not leave")]
    [InlineData(SeamFault.RaisesNoVersion, "sleeps for ever")]
    internal void Recovery_that_repairs_wrongly_is_found(SeamFault fault, string message)
    {
        BarrierSubject subject = new() { Recovery = Instruction.Run(me => new Faulty<BarrierRecovery>(new(me.Victim, me.IsProven), fault)) };
        AssertFinds(new Scenario(subject, [subject.Guest], [subject.Guest]) { Crashes = 1, Occupant = subject.Guest }, message);
    }

    private void AssertFinds(Scenario scenario, string message)
    {
        Exploration all = Explore.All(scenario);
        output.WriteLine($"{all.States} states\n{all.Violation}");
        Assert.Contains(message, all.Violation?.Message);
        Assert.Equal(all.Violation!.Message, Explore.Replay(scenario, all.Violation.Schedule)?.Message);
    }
}

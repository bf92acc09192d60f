namespace Isthmus.Tests.Explorer;

/// <summary>What the promises of the reader-writer lock are worth: each bug breaks one of them.</summary>
public sealed class PlantedReaderWriterBugsTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(SeamFault.LooksOnce, "while")]
    [InlineData(SeamFault.WaitsUnannounced, "sleeps for ever")]
    internal void Reader_that_enters_wrongly_is_found(SeamFault fault, string message)
    {
        Instruction enter = Instruction.Run(
            me => new Faulty<ReaderWriterEnterRead>(new(me.Slot, me.Waiters), fault),
            (me, enter) => ReaderWriterSubject.EnteredRead(me, enter.Operation.Outcome));
        ReaderWriterSubject subject = new() { EnterRead = enter };
        AssertFinds(new Scenario(subject, [subject.Reader], [subject.Writer]), message);
    }

    [Fact]
    public void Reader_that_leaves_without_a_wake_is_found()
    {
        Instruction exit = Instruction.Run(me => new Faulty<ReaderWriterChange>(new(me.Slot, -1, 0), SeamFault.DropsWakes));
        ReaderWriterSubject subject = new() { ExitRead = exit };
        AssertFinds(new Scenario(subject, [subject.Reader], [subject.Writer]), "sleeps for ever");
    }

    [Theory]
    [InlineData(SeamFault.OverlooksReaders, "while others are inside")]
    [InlineData(SeamFault.WaitsUnannounced, "sleeps for ever")]
    internal void Writer_that_enters_wrongly_is_found(SeamFault fault, string message)
    {
        ReaderWriterSubject subject = new() { EnterWrite = EnterWrite(fault) };
        AssertFinds(new Scenario(subject, [subject.Reader], [subject.Writer]), message);
    }

    [Fact]
    public void Writer_that_passes_waiting_readers_is_found()
    {
        ReaderWriterSubject subject = new() { EnterWrite = EnterWrite(SeamFault.OverlooksThoseWhoWant), Watched = 0 };
        Routine writer = subject.Writer with { Rounds = 3 };
        AssertFinds(new Scenario(subject, [subject.Reader], [writer]) { HasSpuriousWakes = false }, "passes a reader once more");
    }

    [Fact]
    public void Writer_that_leaves_without_a_wake_is_found()
    {
        Instruction exit = Instruction.Run(
            me => new Faulty<ReaderWriterLower>(new(ReaderWriterSubject.OwnedBy(me), ReaderWriterMode.Free), SeamFault.DropsWakes));
        ReaderWriterSubject subject = new() { Exit = exit };
        AssertFinds(new Scenario(subject, [subject.Reader], [subject.Writer]), "sleeps for ever");
    }

    [Theory]
    [InlineData(SeamFault.DropsWakes, "sleeps for ever")]
    [InlineData(SeamFault.TrustsNoProof, "was not inside when it left")]
    [InlineData(SeamFault.StoresInstead, "was not inside when it left")]
    [InlineData(SeamFault.HasNoGeneration, "was not inside when it left")]
    internal void Recovery_that_repairs_wrongly_is_found(SeamFault fault, string message)
    {
        ReaderWriterSubject subject = new() { Recovery = Instruction.Run(me => new Faulty<ReaderWriterRecovery>(new(me.Victim, me.IsProven), fault)) };
        AssertFinds(new Scenario(subject, [subject.Reader], [subject.Writer]) { Crashes = 1, Occupant = subject.Reader }, message);
    }

    private static Instruction EnterWrite(SeamFault fault) => Instruction.Run(
        me => new Faulty<ReaderWriterEnter>(new(me.Slot, me.Waiters, writes: true), fault),
        (me, enter) => ReaderWriterSubject.EnteredWrite(me, enter.Operation.Outcome, enter.Operation.Owned, 2));

    private void AssertFinds(Scenario scenario, string message)
    {
        Exploration all = Explore.All(scenario);
        output.WriteLine($"{all.States} states\n{all.Violation}");
        Assert.Contains(message, all.Violation?.Message);
        Assert.Equal(all.Violation!.Message, Explore.Replay(scenario, all.Violation.Schedule)?.Message);
    }
}

namespace Isthmus.Tests.Explorer;

/// <summary>The explorer finds each bug that is planted in a stream.</summary>
public sealed class PlantedStreamBugsTests(ITestOutputHelper output)
{
    private static Routine Filler(StreamSubject stream) => stream.Writer() with { Rounds = StreamSubject.Capacity + 1 };

    [Theory]
    [InlineData(MemoryOrder.StoreBuffers)]
    [InlineData(MemoryOrder.AcquireRelease)]
    internal void Sleeper_that_does_not_fence_for_all(MemoryOrder order)
    {
        StreamSubject stream = Waiting((side, blocked, waiters) => new(new StreamAwait(side, blocked, 0, waiters), SeamFault.SleepsUnfenced));
        AssertFinds(new Scenario(stream, [stream.Writer()], [stream.PatientReader()]) { HasSpuriousWakes = false, Order = order }, "sleeps for ever");
    }

    [Fact]
    public void Sleeper_that_leaves_no_flag()
    {
        StreamSubject stream = Waiting((side, blocked, waiters) => new(new StreamAwait(side, blocked, 0, waiters), SeamFault.WaitsUnannounced));
        AssertFinds(new Scenario(stream, [stream.Writer()], [stream.PatientReader()]), "sleeps for ever");
    }

    [Theory]
    [InlineData(StreamFault.LooksNoLastTime, "came to the end at 0 of 1")]
    [InlineData(StreamFault.LooksNotAgain, "sleeps for ever")]
    [InlineData(StreamFault.LooksForTheEndFirst, "sleeps for ever")]
    internal void Wait_that_looks_too_little(StreamFault fault, string message)
    {
        StreamSubject stream = Waiting(fault);
        Scenario crash = new(stream, [stream.Writer()], [stream.PatientReader()]) { Crashes = 1, HasSpuriousWakes = false };
        AssertFinds(crash, message);
    }

    [Fact]
    public void Publisher_that_wakes_nobody()
    {
        StreamSubject stream = new()
        {
            Publish = Instruction.Run(me => new Faulty<StreamPublish>(new StreamPublish(StreamSide.Writer(0), me[0] + 1), SeamFault.DropsWakes)),
        };
        AssertFinds(new Scenario(stream, [stream.Writer()], [stream.PatientReader()]), "sleeps for ever");
    }

    [Theory]
    [InlineData(MemoryOrder.Sequential)]
    [InlineData(MemoryOrder.StoreBuffers)]
    internal void Writer_that_publishes_before_it_has_written(MemoryOrder order)
    {
        StreamSubject stream = new() { IsHasty = true };
        AssertFinds(new Scenario(stream, [stream.Writer()], [stream.Reader()]) { Order = order }, "read 0 at 0");
    }

    [Fact]
    public void Writer_that_does_not_wait_for_room()
    {
        StreamSubject stream = new() { MakeAwait = static (side, blocked, wanted, waiters) => new(side, blocked - 1, wanted - 1, waiters) };
        AssertFinds(new Scenario(stream, [Filler(stream)], [new StreamSubject().Reader()]), "read 3 at 0");
    }

    [Theory]
    [InlineData(StreamFault.RaisesNothing)]
    [InlineData(StreamFault.WakesTheFlaggedOnly)]
    internal void Recovery_that_does_not_reach_a_writer_who_waits(StreamFault fault)
    {
        StreamSubject stream = Recovering(fault);
        AssertFinds(
            new Scenario(stream, [Filler(stream)], [stream.Reader()]) { Crashes = 1, HasSpuriousWakes = false }, "sleeps for ever");
    }

    [Fact]
    public void Recovery_that_relies_on_another_who_was_killed_too()
    {
        StreamSubject stream = Recovering(StreamFault.LeavesItToOthers);
        AssertFinds(
            new Scenario(stream, [Filler(stream)], [stream.Reader()], [StreamSubject.OpenerOnly]) { Crashes = 2, HasSpuriousWakes = false },
            "sleeps for ever");
    }

    [Fact]
    public void Recovery_that_takes_the_next_owner_of_the_slot_for_the_dead_one()
    {
        StreamSubject stream = new(isOpen: false)
        {
            Recovery = Instruction.Run(me => new Faulty<StreamRecovery>(new StreamRecovery(me.Victim, me.IsProven), SeamFault.TrustsNoProof)),
        };
        Routine nothing = new("nothing", Instruction.Run(_ => new Access(AccessKind.Slots, 0, 0)));
        AssertFinds(
            new Scenario(stream, [nothing], [nothing]) { Crashes = 1, Occupant = StreamSubject.OpenerOnly }, "is called dead, and its owner lives");
    }

    [Fact]
    public void Opener_whose_host_is_told_nothing()
    {
        StreamSubject stream = new(isOpen: false);
        Routine opener = new(
            "opener", Instruction.Run(me => new Faulty<StreamClaim>(new StreamClaim(me.Slot), SeamFault.DropsWakes)));
        AssertFinds(new Scenario(stream, [stream.Host], [opener]), "sleeps for ever");
    }

    [Fact]
    public void Reader_that_takes_something_else_for_what_the_writer_wants()
    {
        StreamSubject stream = new()
        {
            FreeByte = Instruction.Run(
                me => new StreamPublish(StreamSide.Reader(1) with { OtherWant = StreamWord.End(1) }, me[0] + 1), (me, _) => me[0]++),
        };
        AssertFinds(
            new Scenario(stream, [stream.Bulk() with { Rounds = 2 }], [stream.Reader() with { Rounds = 2 }]) { HasSpuriousWakes = false },
            "sleeps for ever");
    }

    [Fact]
    public void Doubles_without_a_bug_have_none()
    {
        StreamSubject waiting = Waiting(StreamFault.None), recovering = Recovering(StreamFault.None);
        Assert.Null(Explore.All(new Scenario(waiting, [waiting.Writer()], [waiting.PatientReader()]) { Crashes = 1 }, 20_000).Violation);
        Assert.Null(Explore.All(new Scenario(recovering, [Filler(recovering)], [recovering.Reader()]), 20_000).Violation);
    }

    private static StreamSubject Waiting(Func<StreamSide, ulong, Waiters, Faulty<StreamAwait>> make) => new()
    {
        AwaitBytes = Instruction.Run(
            me => make(StreamSubject.Reads(me, 0), me[0], me.Waiters),
            (me, wait) => StreamSubject.CameToRead(me, wait.Operation.HasMoved, wait.Operation.IsOver, wait.Operation.Position, 0)),
    };

    private static StreamSubject Waiting(StreamFault fault) => new()
    {
        AwaitBytes = Instruction.Run(
            me => new FaultyStreamAwait(StreamSubject.Reads(me, 0), me[0], me.Waiters, fault),
            (me, wait) => StreamSubject.CameToRead(me, wait.HasMoved, wait.IsOver, wait.Position, 0)),
    };

    private static StreamSubject Recovering(StreamFault fault) => new()
    {
        Recovery = Instruction.Run(me => new FaultyStreamRecovery(me.Victim, me.IsProven, fault)),
    };

    private void AssertFinds(Scenario scenario, string message)
    {
        Violation? violation = Explore.All(scenario).Violation;
        Assert.NotNull(violation);
        output.WriteLine($"{violation}");
        Assert.Contains(message, violation.Message, StringComparison.Ordinal);
    }
}

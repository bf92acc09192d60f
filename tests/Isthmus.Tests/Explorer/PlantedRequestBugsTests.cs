namespace Isthmus.Tests.Explorer;

/// <summary>The explorer finds each bug that is planted in requests and replies.</summary>
public sealed class PlantedRequestBugsTests(ITestOutputHelper output)
{
    [Fact]
    public void Client_that_sleeps_without_a_fence()
    {
        RequestSubject one = new()
        {
            Await = Instruction.Run(
                me => new Faulty<RequestAwait>(RequestSubject.Awaiting(me), SeamFault.SleepsUnfenced),
                (me, wait) => RequestSubject.Awaited(me, wait.Operation.End, wait.Operation.Reply)),
        };
        AssertFinds(new Scenario(one, [one.Caller], [one.Server]) { Order = MemoryOrder.StoreBuffers }, "client sleeps for ever");
    }

    [Fact]
    public void Server_that_sleeps_without_a_fence()
    {
        RequestSubject one = new()
        {
            Receive = Instruction.Run(
                me => new Faulty<ReplyReceive>(RequestSubject.Receiving(me), SeamFault.SleepsUnfenced),
                (me, receive) => RequestSubject.Received(me, receive.Operation)),
        };
        AssertFinds(new Scenario(one, [one.Caller], [one.Server]) { Order = MemoryOrder.StoreBuffers }, "server sleeps for ever");
    }

    [Fact]
    public void Server_that_keeps_a_wake_as_it_gives_up()
    {
        RequestSubject one = Receiving(RequestFault.KeepsTheWake);
        AssertFinds(new Scenario(one, [one.Caller], [one.Server], [one.Server]) { HasSpuriousWakes = false }, "server sleeps for ever");
    }

    [Fact]
    public void Wake_of_one_that_takes_the_flag_of_all_and_hits_somebody_who_is_stopped()
    {
        RequestSubject two = Posting(SeamFault.WaitsUnannounced);
        AssertFinds(
            new Scenario(two, [two.Caller], [two.Caller], [two.StoppedServer], [two.Server]) { HasSpuriousWakes = false }, "server sleeps for ever");
    }

    [Fact]
    public void Flag_that_is_taken_out_although_it_was_left_anew()
    {
        RequestSubject two = Posting(SeamFault.ClearsBlindly);
        Routine server = two.Server with { Rounds = 2 };
        AssertFinds(new Scenario(two, [two.Caller], [two.Caller], [server], [server]) { HasSpuriousWakes = false }, "server sleeps for ever");
    }

    [Fact]
    public void Call_that_wakes_nobody()
    {
        RequestSubject two = Posting(SeamFault.DropsWakes);
        AssertFinds(new Scenario(two, [two.Caller], [two.Server]) { HasSpuriousWakes = false }, "sleeps for ever");
    }

    [Fact]
    public void Client_that_uses_the_place_of_a_call_that_was_given_up()
    {
        RequestSubject one = new() { LookWhetherFree = Instruction.Run(me => new Access(AccessKind.Load, RequestWaitWord.Servers, 0)) };
        Scenario scenario = new(one, [one.Caller with { Rounds = 2 }], [one.Server], [one.Server]) { HasSpuriousWakes = false };
        AssertFinds(scenario, "another call");
    }

    [Theory]
    [InlineData(SeamFault.DropsWakes, "sleeps for ever")]
    [InlineData(SeamFault.TrustsNoProof, "")]
    internal void Recovery_that_is_wrong(SeamFault fault, string message)
    {
        RequestSubject one = new()
        {
            Recovery = Instruction.Run(me => new Faulty<RequestRecovery>(new(RequestSubject.Cells, me.Victim, me.IsProven), fault)),
        };
        Routine server = one.Server with { Rounds = 2 };
        AssertFinds(new Scenario(one, [one.Caller with { Rounds = 2 }], [server]) { Crashes = 1, Occupant = server, HasSpuriousWakes = false }, message);
    }

    [Fact]
    public void Recovery_that_takes_the_reply_to_a_newer_call_for_an_old_one()
    {
        RequestSubject one = new()
        {
            Recovery = Instruction.Run(me => new FaultyRequestRecovery(RequestSubject.Cells, me.Victim, me.IsProven)),
        };
        AssertFinds(
            new Scenario(one, [one.Caller with { Rounds = 2 }], [one.Server], [one.Server]) { Crashes = 1, HasSpuriousWakes = false },
            "client sleeps for ever");
    }

    [Fact]
    public void Server_that_tells_nobody_that_it_has_come()
    {
        RequestSubject none = new(0) { Tell = Instruction.Run(me => new Access(AccessKind.Load, RequestWaitWord.Comers, 0)) };
        AssertFinds(new Scenario(none, [none.Comer], [none.Beginner]) { HasSpuriousWakes = false }, "comer sleeps for ever");
    }

    [Fact]
    public void Doubles_without_a_bug_have_none()
    {
        RequestSubject one = Receiving(RequestFault.None);
        Assert.Null(Explore.All(new Scenario(one, [one.Caller], [one.Server]), 100_000).Violation);
    }

    private static RequestSubject Receiving(RequestFault fault) => new()
    {
        Receive = Instruction.Run(
            me => new FaultyReceive(RequestSubject.Receiving(me), fault), (me, receive) => RequestSubject.Received(me, receive.Operation)).Timed(),
    };

    private static RequestSubject Posting(SeamFault fault) => new(2)
    {
        Post = Instruction.Run(me => new Faulty<RequestPost>(new(RequestSubject.Cells.Of(me.Slot, 0), me[0]), fault)),
    };

    // By chance, in so many schedules: that is quicker than in all orders, of which most are right.
    private void AssertFinds(Scenario scenario, string message)
    {
        Violation? violation = Explore.Some(scenario, 200_000).Violation;
        Assert.NotNull(violation);
        output.WriteLine($"{violation}");
        Assert.Contains(message, violation.Message, StringComparison.Ordinal);
    }
}

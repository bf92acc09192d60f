namespace Isthmus.Tests.Explorer;

/// <summary>Bugs planted in a topic: the explorer finds each of them.</summary>
public sealed class PlantedTopicBugsTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(TopicFault.PinsUnfenced, MemoryOrder.StoreBuffers, "its loan is overwritten")]
    [InlineData(TopicFault.ClaimsUnfenced, MemoryOrder.StoreBuffers, "its loan is overwritten")]
    [InlineData(TopicFault.PinsUnfenced, MemoryOrder.AcquireRelease, "its loan is overwritten")]
    [InlineData(TopicFault.ClaimsUnfenced, MemoryOrder.AcquireRelease, "its loan is overwritten")]
    [InlineData(TopicFault.IgnoresTheClaim, MemoryOrder.Sequential, "finds the ring damaged")]
    [InlineData(TopicFault.IgnoresPins, MemoryOrder.Sequential, "its loan is overwritten")]
    internal void A_loan_that_is_overwritten_is_found(TopicFault fault, MemoryOrder order, string message)
    {
        TopicSubject topic = One(fault, blocks: false);
        AssertFinds(new Scenario(topic, [topic.Publisher with { Rounds = 5 }], [topic.Poller with { Rounds = 2 }]) { Order = order }, message);
    }

    [Fact]
    public void A_copy_that_is_torn_is_found()
    {
        TopicSubject topic = One(TopicFault.IgnoresTheClaim, blocks: false);
        AssertFinds(new Scenario(topic, [topic.Publisher with { Rounds = 5 }], [topic.Copier with { Rounds = 2 }]), "finds the ring damaged");
    }

    [Theory]
    [InlineData(TopicFault.SleepsUnfenced, MemoryOrder.StoreBuffers, "sleeps for ever on news")]
    [InlineData(TopicFault.WakesNobody, MemoryOrder.Sequential, "sleeps for ever on news")]
    [InlineData(TopicFault.NumbersLate, MemoryOrder.Sequential, "comes after")]
    internal void A_subscriber_that_is_forgotten_is_found(TopicFault fault, MemoryOrder order, string message)
    {
        TopicSubject topic = One(fault, blocks: false);
        AssertFinds(
            new Scenario(topic, [topic.Publisher with { Rounds = 4 }], [topic.Borrower with { Rounds = 2 }]) { Order = order, HasSpuriousWakes = false },
            message);
    }

    [Theory]
    [InlineData(TopicFault.GoesOnBeforeItPins, MemoryOrder.Sequential, "its loan is overwritten")]
    [InlineData(TopicFault.IgnoresCursors, MemoryOrder.Sequential, "finds the ring damaged")]
    [InlineData(TopicFault.SleepsUnfenced, MemoryOrder.StoreBuffers, "sleeps for ever on")]
    [InlineData(TopicFault.WakesNobody, MemoryOrder.Sequential, "sleeps for ever on")]
    internal void A_subscriber_that_is_not_waited_for_is_found(TopicFault fault, MemoryOrder order, string message)
    {
        TopicSubject topic = One(fault, blocks: true);
        AssertFinds(
            new Scenario(topic, [topic.Publisher with { Rounds = 5 }], [topic.Borrower with { Rounds = 2 }]) { Order = order, HasSpuriousWakes = false },
            message);
    }

    [Fact]
    public void One_that_comes_to_block_and_looks_first_is_found()
    {
        TopicSubject topic = new(slots: 3, seats: 1, taken: 0, blocks: true) { Fault = TopicFault.LooksBeforeItHolds };
        AssertFinds(new Scenario(topic, [topic.Successor with { Rounds = 4 }], [topic.Latecomer]) { HasSpuriousWakes = false }, "damaged");
    }

    [Theory]
    [InlineData(TopicFault.NumbersAnew, "comes after")]
    [InlineData(TopicFault.RecoversWithoutProof, "goes on with number")]
    [InlineData(TopicFault.RecoversByStore, "goes on with number")]
    internal void A_death_finds_a_ring_that_two_publish_in(TopicFault fault, string message)
    {
        TopicSubject topic = One(fault, blocks: false);
        Routine successor = topic.Successor with { Rounds = fault == TopicFault.NumbersAnew ? 2 : 1 };
        AssertFinds(
            new Scenario(topic, [topic.Publisher], [topic.Poller], []) { Crashes = 1, Occupant = successor, HasSpuriousWakes = false }, message);
    }

    [Fact]
    public void A_death_finds_a_publisher_that_is_left_asleep()
    {
        TopicSubject topic = One(TopicFault.RecoversInSilence, blocks: true);
        AssertFinds(
            new Scenario(topic, [topic.Publisher with { Rounds = 4 }], [topic.Poller]) { Crashes = 1, HasSpuriousWakes = false }, "sleeps for ever on room");
    }

    [Theory]
    [InlineData(TopicFault.WakesNobody, MemoryOrder.Sequential)]
    [InlineData(TopicFault.SleepsUnfenced, MemoryOrder.StoreBuffers)]
    internal void One_that_is_not_told_who_comes_is_found(TopicFault fault, MemoryOrder order)
    {
        TopicSubject topic = new(slots: 3, seats: 1, taken: 0, blocks: false) { Fault = fault, Ends = true };
        AssertFinds(new Scenario(topic, [topic.Awaiter], [topic.Comer]) { Order = order, HasSpuriousWakes = false }, "sleeps for ever on room");
    }

    [Fact]
    public void One_that_is_not_told_who_leaves_is_found()
    {
        TopicSubject topic = new(slots: 3, seats: 1, taken: 1, blocks: false) { Fault = TopicFault.WakesNobody, Ends = true };
        AssertFinds(new Scenario(topic, [topic.Leaver], [topic.Listener]) { HasSpuriousWakes = false }, "sleeps for ever on news");
    }

    [Fact]
    public void Doubles_without_a_bug_have_none()
    {
        foreach (bool blocks in (bool[])[true, false])
        {
            TopicSubject topic = One(TopicFault.None, blocks);
            Scenario scenario = new(topic, [topic.Publisher with { Rounds = 5 }], [topic.Borrower with { Rounds = 2 }]) { HasSpuriousWakes = false };
            Assert.Null(Explore.All(scenario, 200_000).Violation);
        }
    }

    private static TopicSubject One(TopicFault fault, bool blocks) => new(slots: 3, seats: 1, taken: 1, blocks) { Fault = fault };

    private void AssertFinds(Scenario scenario, string message)
    {
        Violation? violation = Explore.All(scenario, 3_000_000).Violation;
        Assert.NotNull(violation);
        output.WriteLine($"{violation}");
        Assert.Contains(message, violation.Message, StringComparison.Ordinal);
    }
}

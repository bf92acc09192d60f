namespace Isthmus.Tests.Explorer;

/// <summary>The explorer finds each bug that is planted in the agreement on who fences.</summary>
public sealed class PlantedFenceBugsTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(MemoryOrder.StoreBuffers)]
    [InlineData(MemoryOrder.AcquireRelease)]
    internal void Publisher_that_never_fences(MemoryOrder order)
    {
        FenceSubject fences = new(FenceFault.PublisherNeverFences, FenceWord.Confirm(FenceWord.Ask(0)));
        AssertFinds(new Scenario(fences, [fences.Publisher], [fences.Sleeper]) { Order = order });
    }

    [Theory]
    [InlineData(MemoryOrder.StoreBuffers)]
    [InlineData(MemoryOrder.AcquireRelease)]
    internal void Asking_that_is_believed_too_early(MemoryOrder order)
    {
        FenceSubject fences = new(FenceFault.AskedIsEnough);
        AssertFinds(new Scenario(fences, [fences.Publisher], [fences.Sleeper], [fences.Other]) { Order = order });
    }

    [Theory]
    [InlineData(MemoryOrder.StoreBuffers)]
    [InlineData(MemoryOrder.AcquireRelease)]
    internal void Sleeper_that_looks_at_the_fences_before_it_leaves_its_flag(MemoryOrder order)
    {
        FenceSubject fences = new(FenceFault.SleeperLooksAtFencesFirst, FenceWord.Confirm(FenceWord.Ask(0)));
        AssertFinds(new Scenario(fences, [fences.Publisher], [fences.Sleeper], [fences.GivingUp]) { Order = order });
    }

    [Theory]
    [InlineData(MemoryOrder.StoreBuffers)]
    [InlineData(MemoryOrder.AcquireRelease)]
    internal void Asking_that_has_no_version(MemoryOrder order)
    {
        FenceSubject fences = new(FenceFault.HasNoVersion, FenceWord.Ask(ulong.MaxValue << 2));
        AssertFinds(new Scenario(fences, [fences.Publisher], [fences.Sleeper], [fences.Other], [fences.Other], [fences.GivingUp]) { Order = order });
    }

    private void AssertFinds(Scenario scenario)
    {
        Violation? violation = Explore.All(scenario with { HasSpuriousWakes = false }).Violation;
        Assert.NotNull(violation);
        output.WriteLine($"{violation}");
        Assert.Contains("sleeps for ever", violation.Message, StringComparison.Ordinal);
    }
}

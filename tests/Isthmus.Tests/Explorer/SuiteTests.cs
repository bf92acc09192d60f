namespace Isthmus.Tests.Explorer;

/// <summary>What each suite has to pass; a primitive's test class derives from this and names its suite.</summary>
public abstract class SuiteTests(ITestOutputHelper output)
{
    private const int SampledSchedules = 2_000;

    private protected abstract Suite Suite { get; }

    [Theory]
    [InlineData(MemoryOrder.Sequential)]
    [InlineData(MemoryOrder.StoreBuffers)]
    [InlineData(MemoryOrder.AcquireRelease)]
    internal void What_can_happen_to_a_few_keeps_the_promises(MemoryOrder order)
    {
        foreach (Scenario scenario in Suite.Whole)
        {
            Exploration all = Explore.All(scenario with { Order = order }, Suite.StatesMax);
            output.WriteLine($"{all}");
            Assert.Null(all.Violation);
            Assert.True(all.IsComplete || all.States >= Suite.StatesMax);
        }
    }

    [Theory]
    [InlineData(MemoryOrder.Sequential)]
    [InlineData(MemoryOrder.StoreBuffers)]
    [InlineData(MemoryOrder.AcquireRelease)]
    internal void What_was_tried_with_more_keeps_the_promises(MemoryOrder order)
    {
        foreach (Scenario scenario in Suite.Sampled)
        {
            Exploration some = Explore.Some(scenario with { Order = order }, SampledSchedules);
            output.WriteLine($"{some}");
            Assert.Null(some.Violation);
        }
    }
}

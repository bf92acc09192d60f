namespace Isthmus.Tests.Explorer;

public sealed class QueueSuiteTests(ITestOutputHelper output) : SuiteTests(output)
{
    private protected override Suite Suite => QueueSubject.Suite;
}

public sealed class ClaimingQueueSuiteTests(ITestOutputHelper output) : SuiteTests(output)
{
    private protected override Suite Suite => QueueSubject.ClaimingSuite;

    [Theory]
    [InlineData(MemoryOrder.Sequential)]
    [InlineData(MemoryOrder.StoreBuffers)]
    internal void Two_producers_and_two_consumers_keep_the_promises(MemoryOrder order) =>
        Assert.Null(Explore.Some(QueueSubject.TwoLanes with { Order = order }, 2_000).Violation);

    [Theory]
    [InlineData(MemoryOrder.Sequential)]
    [InlineData(MemoryOrder.StoreBuffers)]
    internal void One_who_is_stopped_with_a_wake_keeps_nothing_from_the_others(MemoryOrder order) =>
        Assert.Null(Explore.Some(QueueSubject.TwoLanesAndOneStopped with { Order = order }, 4_000).Violation);

    [Theory]
    [InlineData(MemoryOrder.Sequential)]
    [InlineData(MemoryOrder.StoreBuffers)]
    internal void One_who_is_stopped_before_its_wake_keeps_nothing_from_the_others(MemoryOrder order) =>
        Assert.Null(Explore.Some(QueueSubject.StoppedWaker() with { Order = order }, 4_000).Violation);
}

public sealed class AcknowledgingQueueSuiteTests(ITestOutputHelper output) : SuiteTests(output)
{
    private protected override Suite Suite => QueueSubject.AcknowledgingSuite;
}

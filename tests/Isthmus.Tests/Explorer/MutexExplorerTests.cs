namespace Isthmus.Tests.Explorer;

public sealed class MutexExplorerTests(ITestOutputHelper output)
{
    private readonly MutexSubject _mutex = new();

    [Fact]
    public void Two_that_enter_twice_are_safe_whoever_dies_when()
    {
        Routine worker = _mutex.Worker with { Rounds = 2 };
        AssertHolds(Explore.All(new Scenario(_mutex, [worker], [worker]) { Crashes = 1, Occupant = _mutex.Worker }));
    }

    [Fact]
    public void Two_that_give_up_at_any_time_are_safe_whoever_dies_when()
    {
        Routine worker = _mutex.TimedWorker with { Rounds = 2 };
        AssertHolds(Explore.All(new Scenario(_mutex, [worker], [worker]) { Crashes = 1, Occupant = _mutex.Worker }));
    }

    [Fact]
    public void Three_of_both_kinds_are_safe()
    {
        Routine bells = _mutex.TimedWorker with { Rounds = 2, Waiters = Waiters.Bells };
        Routine worker = _mutex.TimedWorker with { Rounds = 2 };
        AssertHolds(Explore.Some(new Scenario(_mutex, [worker], [bells], [worker]) { Crashes = 2, Occupant = _mutex.Worker }, 20_000));
    }

    private void AssertHolds(Exploration exploration)
    {
        output.WriteLine($"{exploration.States} states, {exploration.Moves} moves, {exploration.Ends} ends");
        Assert.Null(exploration.Violation);
    }
}

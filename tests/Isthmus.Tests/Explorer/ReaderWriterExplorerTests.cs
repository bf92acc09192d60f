namespace Isthmus.Tests.Explorer;

public sealed class ReaderWriterExplorerTests(ITestOutputHelper output)
{
    private readonly ReaderWriterSubject _lock = new();

    [Fact]
    public void Two_writers_are_safe_whoever_dies_when()
    {
        Routine writer = _lock.TimedWriter with { Rounds = 2 };
        AssertHolds(Explore.All(new Scenario(_lock, [writer], [writer]) { Crashes = 1, Occupant = _lock.Writer }));
    }

    [Fact]
    public void Reader_and_writer_are_safe_whoever_dies_when()
    {
        AssertHolds(Explore.All(new Scenario(_lock, [_lock.TimedReader with { Rounds = 2 }], [_lock.TimedWriter with { Rounds = 2 }])
        {
            Crashes = 1,
            Occupant = _lock.Writer,
        }));
    }

    [Fact]
    public void Reader_and_upgrader_are_safe_whoever_dies_when()
    {
        AssertHolds(Explore.All(new Scenario(_lock, [_lock.TimedReader with { Rounds = 2 }], [_lock.TimedUpgrader with { Rounds = 2 }])
        {
            Crashes = 1,
            Occupant = _lock.Reader,
        }));
    }

    private void AssertHolds(Exploration exploration)
    {
        output.WriteLine($"{exploration.States} states, {exploration.Moves} moves, {exploration.Ends} ends");
        Assert.Null(exploration.Violation);
        Assert.True(exploration.IsComplete);
    }
}

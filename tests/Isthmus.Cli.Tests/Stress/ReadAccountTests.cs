using Isthmus.Cli.Stress;

namespace Isthmus.Cli.Tests.Stress;

/// <summary>Each way in which the account of readers and writers can fail to add up, made by hand.</summary>
public sealed class ReadAccountTests : IDisposable
{
    private const int Intent = 6;
    private const long Reader = 1, Writer = 2;

    private readonly Ledger _ledger = Ledger.Create(4);

    public ReadAccountTests() => _ledger[Writer].Seat = 1;

    private ExclusiveAccount Writers => new(_ledger, intent: Intent);

    private ReadAccount Readers => new(_ledger, seats: 2, Writers);

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public void Readers_and_then_a_writer_add_up()
    {
        Readers.Begin(Reader, told: false);
        Readers.Begin(Writer, told: false);
        Readers.End(Reader);
        Readers.End(Writer);
        Writers.Enter(Writer, told: false);
        Writers.Begin(Writer);
        Readers.RequireNoReaders(Writer);
        Writers.Leave(Writer);
        Readers.Begin(Reader, told: false);
    }

    [Fact]
    public void A_reader_beside_a_writer_is_found_by_either()
    {
        Writers.Begin(Writer);
        Assert.Contains("writes, and a reader came in", Broken(() => Readers.Begin(Reader, told: true)), StringComparison.Ordinal);
        Assert.Contains("reads", Broken(() => Readers.RequireNoReaders(Writer)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_that_was_killed_is_gone_and_that_is_noted()
    {
        Readers.Begin(Reader, told: false);
        _ledger[Reader].KilledAt = 1;
        Readers.RequireNoReaders(Writer);
        Assert.NotEqual(0, _ledger[Reader].SucceededAt);
        Assert.Equal(0, _ledger.OfSeat(0));
    }

    [Fact]
    public void A_writer_that_was_killed_must_be_told_to_readers()
    {
        Writers.Begin(Writer);
        _ledger[Writer].KilledAt = 1;
        Assert.Contains("a reader was not told", Broken(() => Readers.Begin(Reader, told: false)), StringComparison.Ordinal);
        Readers.Begin(Reader, told: true);
    }

    [Fact]
    public void Only_the_death_of_one_that_may_write_is_told()
    {
        _ledger[Writer].KilledAt = 1;
        LedgerRecord writer = _ledger[Writer];
        writer.Phase = WorkerPhase.Asking;
        Assert.Contains("and none has", Broken(() => Readers.Begin(Reader, told: true)), StringComparison.Ordinal);
        writer.Own(Intent) = 1;
        Readers.Begin(Reader, told: true);
    }

    [Fact]
    public void Two_that_may_upgrade_are_found()
    {
        Readers.BeginUpgradeable(Reader);
        Assert.Contains("another came in that may", Broken(() => Readers.BeginUpgradeable(Writer)), StringComparison.Ordinal);
        _ledger[Writer].KilledAt = 1;
        Readers.BeginUpgradeable(Reader);
        Readers.EndUpgradeable(Reader);
        Readers.BeginUpgradeable(Reader);
    }

    private static string Broken(Action act) => Assert.Throws<StressViolationException>(act).Message;
}

using System.Diagnostics;
using Isthmus.Cli.Stress;

namespace Isthmus.Cli.Tests.Stress;

/// <summary>Each way in which the account of something exclusive can fail to add up, made by hand.</summary>
public sealed class ExclusiveAccountTests : IDisposable
{
    private const long One = 1, Other = 2;

    // The words of a record.
    private const int Progress = 0, Target = 1;

    private readonly Ledger _ledger = Ledger.Create(4);

    private ExclusiveAccount Account => new(_ledger);

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public void What_is_done_right_adds_up()
    {
        Turn(One);
        Turn(Other);
        Turn(One);
        Assert.Equal(3, Account.Close());
    }

    [Fact]
    public void Two_inside_are_found_by_the_second()
    {
        Account.Enter(One, told: false);
        Account.Begin(One);
        Assert.Contains("is inside, and another came in", Broken(() => Account.Enter(Other, told: false)), StringComparison.Ordinal);
        Assert.Contains("is inside, and another came in", Broken(() => Account.Enter(Other, told: true)), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_inside_are_found_by_the_first()
    {
        Account.Begin(One);
        Account.Begin(Other);
        Assert.Contains("came in, too", Broken(() => Account.Leave(One)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_paused_owner_that_is_robbed_is_told_as_paused()
    {
        Account.Begin(One);
        _ledger[One].Paused = 1;
        Assert.Contains("paused", Broken(() => Account.Enter(Other, told: true)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_death_inside_must_be_told()
    {
        Account.Begin(One);
        Kill(One);
        Assert.Contains("was not told", Broken(() => Account.Enter(Other, told: false)), StringComparison.Ordinal);
        Account.Enter(Other, told: true);
        Assert.NotEqual(0, _ledger[One].SucceededAt);
    }

    [Fact]
    public void A_death_that_was_none_is_found_at_once_or_at_the_end()
    {
        Assert.Contains("there were 0 kills", Broken(() => Account.Enter(One, told: true)), StringComparison.Ordinal);
        Kill(Other);
        _ledger.Shared(1) = 0; // What the one before has counted.
        Account.Enter(One, told: true);
        // It wanted nothing when it was killed.
        Assert.Contains("only 0 can have owned it", Broken(() => Account.Close()), StringComparison.Ordinal);
        LedgerRecord other = _ledger[Other];
        other.Phase = WorkerPhase.Asking;
        Assert.Equal(0, Account.Close());
    }

    [Theory]
    [InlineData(0, 1)] // Killed before the store.
    [InlineData(1, 2)] // After it.
    public void A_death_in_the_middle_of_an_update_adds_up(long stored, long updates)
    {
        Turn(Other);
        Account.Begin(One);
        _ledger[One].Own(Target) = 2;
        _ledger[One].Own(Progress) = 1;
        Account.Number(0) += stored;
        Kill(One);
        // Who settles it may be killed as well, and the next does it again.
        Account.Enter(Other, told: true);
        Account.Enter(Other, told: true);
        Account.Begin(Other);
        Account.Leave(Other);
        Assert.Equal(updates, Account.Close());
    }

    [Fact]
    public void An_update_that_is_lost_is_found()
    {
        Turn(One);
        Turn(One);
        Account.Number(0)--;
        Assert.Contains("2 updates were made, and the number is 1", Broken(() => Account.Close()), StringComparison.Ordinal);
    }

    [Fact]
    public void An_update_that_was_lost_before_a_death_is_found()
    {
        Account.Begin(One);
        _ledger[One].Own(Target) = 7;
        _ledger[One].Own(Progress) = 1;
        Kill(One);
        Assert.Contains("An update is lost", Broken(() => Account.Enter(Other, told: true)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_that_nobody_has_is_no_owner()
    {
        Account.Begin(99);
        Assert.Contains("no process 99", Broken(() => Account.Enter(One, told: true)), StringComparison.Ordinal);
    }

    private static string Broken(Action act) => Assert.Throws<StressViolationException>(act).Message;

    private void Turn(long id)
    {
        Account.Enter(id, told: false);
        Account.Begin(id);
        Account.Raise(id, 0, static () => { });
        Account.Leave(id);
    }

    private void Kill(long id)
    {
        _ledger.Kills++;
        _ledger[id].KilledAt = Stopwatch.GetTimestamp();
    }
}

using System.Diagnostics;
using Isthmus.Cli.Stress;

namespace Isthmus.Cli.Tests.Stress;

/// <summary>Each way in which the account of permits can fail to add up, made by hand.</summary>
public sealed class PermitAccountTests : IDisposable
{
    private const int Permits = 2;

    private readonly Ledger _ledger = Ledger.Create(4);

    private PermitAccount Account => new(_ledger, 0, Permits);

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public void As_many_as_there_are_may_be_held()
    {
        Account.Take(1);
        Account.Take(2);
        Account.GiveBack(1);
        Account.Take(3);
        Account.GiveBack(3);
        Account.GiveBack(2);
        Assert.Equal(0, _ledger.Shared(0));
    }

    [Fact]
    public void One_more_is_found()
    {
        Account.Take(1);
        Account.Take(2);
        Assert.Contains("2 permits are all held by the living", Broken(() => Account.Take(3)), StringComparison.Ordinal);
    }

    [Fact]
    public void That_of_a_killed_one_comes_back_and_that_is_noted_when_no_other_was_free()
    {
        Account.Take(1);
        _ledger[1].KilledAt = Stopwatch.GetTimestamp();
        Account.Take(2);
        Assert.Equal(0, _ledger[1].SucceededAt);
        Account.Take(3);
        Assert.NotEqual(0, _ledger[1].SucceededAt);
        Assert.Contains("held by the living", Broken(() => Account.Take(4)), StringComparison.Ordinal);
    }

    [Fact]
    public void That_of_a_killed_one_is_seen_to_be_back_when_all_are_there()
    {
        Account.Take(1);
        Account.Take(2);
        _ledger[1].KilledAt = Stopwatch.GetTimestamp();
        Account.See(0);
        Assert.Equal(0, _ledger[1].SucceededAt);
        Account.See(1);
        Assert.NotEqual(0, _ledger[1].SucceededAt);
        Account.GiveBack(2);
        Assert.Equal(0, _ledger.Shared(0));
    }

    [Fact]
    public void A_permit_that_somebody_lost_is_found_unless_it_is_being_killed()
    {
        Assert.Contains("has lost its permit", Broken(() => Account.GiveBack(1)), StringComparison.Ordinal);
        _ledger[1].KilledAt = 1;
        Account.GiveBack(1);
    }

    private static string Broken(Action act) => Assert.Throws<StressViolationException>(act).Message;
}

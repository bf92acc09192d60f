using Isthmus.Cli.Stress;

namespace Isthmus.Cli.Tests.Stress;

/// <summary>What one member of a barrier finds out about another.</summary>
public sealed class MemberTracksTests : IDisposable
{
    private const long Self = 1, Other = 2;

    private readonly Ledger _ledger = Ledger.Create(4);
    private readonly MemberTracks _tracks;

    public MemberTracksTests()
    {
        _ledger.OfSeat(0) = Self;
        _ledger.OfSeat(1) = Other;
        _tracks = new MemberTracks(_ledger, seats: 2);
        Join(Other);
    }

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public void Another_that_is_level_or_one_ahead_has_arrived()
    {
        Pass(begun: 1);
        Pass(begun: 3);
        Pass(begun: 3);
        Pass(begun: 4);
        Pass(begun: 6);
    }

    [Fact]
    public void One_that_has_never_arrived_is_found() => AssertNotArrived(() => Pass(begun: 0));

    [Fact]
    public void One_that_misses_a_round_is_found()
    {
        Pass(begun: 2); // It is one ahead.
        Pass(begun: 2);
        AssertNotArrived(() => Pass(begun: 2));
    }

    [Fact]
    public void One_that_joins_while_others_wait_is_not_awaited()
    {
        Leave(Other);
        _tracks.BeginRound(Self);
        Join(Other);
        _tracks.EndRound();
    }

    [Fact]
    public void One_that_leaves_and_joins_again_while_others_wait_is_not_awaited()
    {
        Pass(begun: 5);
        _tracks.BeginRound(Self);
        Leave(Other);
        Join(Other);
        _tracks.EndRound();
        Pass(begun: 1);
    }

    [Fact]
    public void One_round_may_be_passed_after_a_death_and_the_next_may_not()
    {
        Pass(begun: 1);
        Kill(Other);
        Pass(begun: 2);
        _tracks.BeginRound(Self);
        Assert.Contains("nobody was told", Assert.Throws<StressViolationException>(_tracks.EndRound).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_death_that_was_told_is_done_with()
    {
        Pass(begun: 1);
        Kill(Other);
        Pass(begun: 2);
        _tracks.Break();
        Pass(begun: 2);
        Pass(begun: 2);
    }

    private static void AssertNotArrived(Action act) =>
        Assert.Contains("had not arrived", Assert.Throws<StressViolationException>(act).Message, StringComparison.Ordinal);

    private void Pass(long begun)
    {
        _tracks.BeginRound(Self);
        new MemberRecord(_ledger[Other]).Begun = begun;
        _tracks.EndRound();
    }

    private void Join(long id)
    {
        MemberRecord member = new(_ledger[id]);
        member.Begun = 0;
        member.Joins++;
        member.State = MemberState.Member;
    }

    private void Leave(long id)
    {
        MemberRecord member = new(_ledger[id]);
        member.State = MemberState.None;
    }

    private void Kill(long id) => _ledger[id].KilledAt = _ledger[id].DeathSeenAt = 1;
}

using System.Globalization;

namespace Isthmus.Cli.Stress.Families;

/// <summary>Mends the barrier when all have been told that it is broken, and counts how often that was.</summary>
internal sealed class BarrierReferee(StressPlace place) : StressReferee
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    // Within that it is mostly told.
    private static readonly TimeSpan s_suspicious = TimeSpan.FromMilliseconds(100);

    // For how long some have been told and others not; and for how long one is dead, and nobody has been told.
    private TimeSpan _partlyTold;
    private TimeSpan _untold;
    private long _breaks;

    // Else many deaths would be told as one.
    public override bool MayDisrupt => _untold == TimeSpan.Zero && _partlyTold == TimeSpan.Zero;

    public override bool IsSuspicious => _untold > s_suspicious || _partlyTold > s_suspicious;

    private ref long Epoch => ref place.Ledger.Shared(BarrierFamily.EpochWord);

    public override void Look(IReadOnlyList<long> live, TimeSpan granted)
    {
        _untold = IsADeathUntold() ? _untold + granted : TimeSpan.Zero;
        long told = Epoch + 1;
        if (!live.Any(id => Volatile.Read(ref MemberOf(id).Told) == told))
        {
            _partlyTold = TimeSpan.Zero;
        }
        else if (live.All(id => MemberOf(id).State != MemberState.Member || Volatile.Read(ref MemberOf(id).Told) == told))
        {
            Mend();
        }
        else
        {
            _partlyTold += granted;
        }
        if (_partlyTold > s_patience)
        {
            throw Violation(
                $"Some were told more than {s_patience.TotalSeconds:0} s ago that the barrier is broken, and not all have been yet: {Untold(live)}.");
        }
        if (_untold > s_patience)
        {
            throw Violation($"A member was killed more than {s_patience.TotalSeconds:0} s ago, and nobody has been told: {Untold(live)}.");
        }
    }

    public override bool HasReason(LedgerRecord record) => Volatile.Read(ref new MemberRecord(record).Parked) != 0;

    public override IReadOnlyList<(string Name, long Value)> Close()
    {
        using SharedBarrier barrier = SharedBarrier.Open(BarrierFamily.ObjectName, place.Options(new SharedObjectOptions()));
        using SharedBarrierMember member = barrier.Join();
        BarrierOutcome outcome = member.TrySignalAndWait(s_patience);
        // Of those who were killed last.
        for (long dead = Deaths() - _breaks; outcome == BarrierOutcome.Broken && dead > 0; dead--)
        {
            barrier.Reset();
            outcome = member.TrySignalAndWait(s_patience);
        }
        return outcome is BarrierOutcome.Passed or BarrierOutcome.Last
            ? [("rounds of all", AllRecords().Sum(id => MemberOf(id).Passed)), ("broken", _breaks)]
            : throw Violation($"Nobody is there any more, and who arrives is told {outcome}.");
    }

    private MemberRecord MemberOf(long id) => new(place.Ledger[id]);

    private void Mend()
    {
        _partlyTold = TimeSpan.Zero;
        if (++_breaks > Deaths())
        {
            throw Violation($"The barrier was broken for the {_breaks}th time, and only {_breaks - 1} members were killed.");
        }
        using SharedBarrier barrier = SharedBarrier.Open(BarrierFamily.ObjectName, place.Options(new SharedObjectOptions()));
        foreach (long id in AllRecords().Where(id => place.Ledger[id].IsKilled))
        {
            // Who died while the barrier was broken already: mending it is the end of that, too.
            place.Ledger[id].Succeed(LedgerRecord.Unknown);
        }
        barrier.Reset();
        Volatile.Write(ref Epoch, Epoch + 1);
    }

    private string Untold(IReadOnlyList<long> live)
    {
        SharedBarrierStatus status = SharedBarrier.GetStatus(BarrierFamily.ObjectName, place.Options(new SharedObjectOptions()));
        string state = status.IsBroken ? "broken" : status.WillBreak ? "about to be broken" : "whole";
        IEnumerable<string> missing = live.Where(id => Volatile.Read(ref MemberOf(id).Told) != Epoch + 1).Select(id => place.Ledger[id].ToString());
        return string.Create(
            CultureInfo.InvariantCulture, $"{string.Join(", ", missing)}; {status.ArrivedCount} of {status.MemberCount} have arrived, {state}");
    }

    private bool IsADeathUntold() => AllRecords().Any(id =>
        place.Ledger[id].IsKilled && place.Ledger[id].SucceededAt == 0 && MemberOf(id).State == MemberState.Member);

    private int Deaths() => AllRecords().Count(id => place.Ledger[id].IsKilled && MemberOf(id).State != MemberState.None);

    private IEnumerable<long> AllRecords()
    {
        for (long id = 1; id <= place.Ledger.Records; id++)
        {
            yield return id;
        }
    }

    private static StressViolationException Violation(FormattableString message) => new(message.ToString(CultureInfo.InvariantCulture));
}

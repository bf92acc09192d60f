using System.Diagnostics;

namespace Isthmus.Cli.Stress.Families;

/// <summary>
/// Finds out when the token is gone: for a while nobody has had a turn or a CPU, all wait, and the event is not set. Then somebody must have been
/// killed, after another last had it, who may have got it; and it is put back.
/// </summary>
internal sealed class EventReferee(StressPlace place) : StressReferee
{
    // A thread that was let in runs on at once; what it then does is seen in its record.
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(50);

    private readonly ExclusiveAccount _account = new(place.Ledger);
    private long _turns = -1;
    private long _quietSince;
    private long _kills;
    private long _handedOn;
    private long _losses;

    // The token has been handed on since the last death: else a loss that is nobody's death would hide behind many.
    public override bool MayDisrupt => _kills == place.Ledger.Kills && _account.Number(0) != _handedOn;

    public override void Look(IReadOnlyList<long> live, TimeSpan granted)
    {
        long[] begun = [.. live.Where(id => place.Ledger[id].Phase != WorkerPhase.Starting)];
        long turns = begun.Sum(id => id + Volatile.Read(ref place.Ledger[id].Turns));
        long now = Stopwatch.GetTimestamp();
        if (turns != _turns || !begun.All(id => place.Ledger[id].Phase == WorkerPhase.Asking))
        {
            (_turns, _quietSince) = (turns, now);
        }
        if (_kills != place.Ledger.Kills)
        {
            (_kills, _handedOn) = (place.Ledger.Kills, _account.Number(0));
        }
        if (Stopwatch.GetElapsedTime(_quietSince, now) > s_quiet && !IsSet(EventFamily.Baton) && !begun.Any(id => StuckWatch.IsRunning(place.Ledger[id])))
        {
            PutBack();
            _quietSince = now;
        }
    }

    public override bool HasReason(LedgerRecord record) =>
        record.Phase == WorkerPhase.Asking && !IsSet(Volatile.Read(ref record.Own(EventFamily.AtDoor)) == 0 ? EventFamily.Baton : EventFamily.Door);

    public override void Release()
    {
        // Who waits for the token hands it on as it leaves.
        Interlocked.Increment(ref place.Ledger.Shared(EventFamily.OpenedWord));
        Set(EventFamily.Door);
    }

    public override IReadOnlyList<(string Name, long Value)> Close() => [("tokens handed on", _account.Close()), ("tokens lost with the killed", _losses)];

    private bool IsSet(string name) => SharedEvent.GetStatus(name, place.Options(new SharedObjectOptions())).IsSet;

    private void Set(string name)
    {
        using SharedEvent given = SharedEvent.Open(name, place.Options(new SharedObjectOptions()));
        given.Set();
    }

    private void PutBack()
    {
        ref long lastHad = ref place.Ledger.Shared(EventFamily.LastHadWord);
        if (!MayHaveDiedWithIt(lastHad))
        {
            throw new StressViolationException(
                "All wait, the event is not set, and since somebody last had the token nobody was killed who could have got it.");
        }
        lastHad = Stopwatch.GetTimestamp();
        _losses++;
        if (_account.Owner is > 0 and long dead)
        {
            _account.Settle(dead);
            _account.Begin(0);
        }
        Set(EventFamily.Baton);
    }

    private bool MayHaveDiedWithIt(long since)
    {
        for (long id = 1; id <= place.Ledger.Records; id++)
        {
            LedgerRecord record = place.Ledger[id];
            if (_account.MayHaveDiedWithIt(record) && record.DeathSeenAt > since)
            {
                return true;
            }
        }
        return false;
    }
}

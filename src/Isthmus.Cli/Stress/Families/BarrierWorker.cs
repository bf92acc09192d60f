using System.Diagnostics;

namespace Isthmus.Cli.Stress.Families;

/// <summary>Joins and arrives; when it is told that the barrier is broken, it waits until that is mended.</summary>
internal sealed class BarrierWorker : StressWorker
{
    private const int TurnsPerMembership = 200, FaultOneIn = 20;

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(1);

    private readonly MemberTracks _tracks;
    private SharedBarrier _barrier;
    private SharedBarrierMember _member;

    public BarrierWorker(StressPlace place, long id)
        : base(place, id)
    {
        _tracks = new MemberTracks(place.Ledger, place.Processes);
        Volatile.Write(ref place.Ledger.OfSeat(Seat), id);
        (_barrier, _member) = Join();
    }

    private ref long Epoch => ref Place.Ledger.Shared(BarrierFamily.EpochWord);

    private bool IsDeaf => Place.Fault == StressFault.NoWake || (Place.Fault == StressFault.NotTold && Seat % 2 == 0);

    private bool IsStopping => Volatile.Read(ref Place.Ledger.Stopping) != 0;

    public override void Dispose()
    {
        MemberRecord record = new(Record);
        record.State = MemberState.Unsure;
        _member.Dispose();
        record.State = MemberState.None;
        _barrier.Dispose();
    }

    protected override void Turn()
    {
        if (OnceIn(TurnsPerMembership) && !IsDeaf)
        {
            Dispose();
            _tracks.Forget();
            (_barrier, _member) = Join();
        }
        if (Place.Fault == StressFault.Stuck && Seat == 0)
        {
            Thread.Sleep(Timeout.Infinite);
        }
        MemberRecord record = new(Record);
        long epoch = Volatile.Read(ref Epoch);
        _tracks.BeginRound(Id);
        Interlocked.Increment(ref record.Begun);
        Phase = WorkerPhase.Asking;
        BarrierOutcome outcome = Arrive();
        Phase = WorkerPhase.Idle;
        if (outcome is BarrierOutcome.Passed or BarrierOutcome.Last)
        {
            _tracks.EndRound();
            record.Passed++;
            return;
        }
        Interlocked.Decrement(ref record.Begun);
        if (outcome == BarrierOutcome.Broken && !IsDeaf)
        {
            Break(epoch);
        }
    }

    private (SharedBarrier Barrier, SharedBarrierMember Member) Join()
    {
        MemberRecord record = new(Record);
        SharedBarrier barrier = SharedBarrier.Open(BarrierFamily.ObjectName, Place.Options(new SharedObjectOptions()));
        Volatile.Write(ref record.Begun, 0);
        Interlocked.Increment(ref record.Joins);
        record.State = MemberState.Unsure;
        SharedBarrierMember member = barrier.Join();
        record.State = MemberState.Member;
        return (barrier, member);
    }

    private void Break(long epoch)
    {
        MemberRecord record = new(Record);
        SucceedTheDead();
        Volatile.Write(ref record.Parked, 1);
        Volatile.Write(ref record.Told, epoch + 1);
        while (Volatile.Read(ref Epoch) == epoch && !IsStopping)
        {
            Thread.Sleep(s_look);
        }
        // Those too that died while it was broken already.
        _tracks.Break();
        Volatile.Write(ref record.Parked, 0);
    }

    private void SucceedTheDead()
    {
        for (long id = 1; id <= Place.Ledger.Records; id++)
        {
            LedgerRecord record = Place.Ledger[id];
            if (record.IsKilled && new MemberRecord(record).State == MemberState.Member)
            {
                record.Succeed(Stopwatch.GetTimestamp());
            }
        }
    }

    private BarrierOutcome Arrive()
    {
        if (Place.Fault == StressFault.FromNothing && OnceIn(FaultOneIn))
        {
            return BarrierOutcome.Passed;
        }
        switch (Random.Next(10))
        {
            case < 6:
                return _member.SignalAndWait();
            case 6:
                return _member.TrySignalAndWait(Moment());
            case 7:
                return _member.TrySignalAndWait();
            case 8:
                return _member.SignalAndWaitAsync().AsTask().GetAwaiter().GetResult();
            default:
                BarrierOutcome outcome = BarrierOutcome.TimedOut;
                TryAwait(async token =>
                {
                    outcome = await _member.SignalAndWaitAsync(token);
                    return true;
                });
                return outcome;
        }
    }
}

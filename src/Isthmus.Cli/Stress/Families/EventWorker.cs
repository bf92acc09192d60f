using System.Diagnostics;

namespace Isthmus.Cli.Stress.Families;

/// <summary>Takes the token, raises a number, hands it on; or passes the door.</summary>
internal sealed class EventWorker(StressPlace place, long id) : StressWorker(place, id)
{
    private const int TurnsPerAttachment = 200, DoorOneIn = 4, MoveDoorOneIn = 5, FaultOneIn = 50;

    private readonly ExclusiveAccount _account = new(place.Ledger);
    private SharedEvent _baton = Open(place, EventFamily.Baton);
    private SharedEvent _door = Open(place, EventFamily.Door);

    private ref long Opened => ref Place.Ledger.Shared(EventFamily.OpenedWord);

    private ref long Closed => ref Place.Ledger.Shared(EventFamily.ClosedWord);

    public override void Dispose()
    {
        _baton.Dispose();
        _door.Dispose();
    }

    protected override void Turn()
    {
        if (OnceIn(TurnsPerAttachment))
        {
            Dispose();
            (_baton, _door) = (Open(Place, EventFamily.Baton), Open(Place, EventFamily.Door));
        }
        if (OnceIn(DoorOneIn))
        {
            PassDoor();
            return;
        }
        Phase = WorkerPhase.Asking;
        if ((Place.Fault == StressFault.FromNothing && OnceIn(FaultOneIn)) || TryWait(_baton))
        {
            HaveToken();
        }
        Phase = WorkerPhase.Idle;
    }

    private static SharedEvent Open(StressPlace place, string name) => SharedEvent.Open(name, place.Options(new SharedObjectOptions()));

    private void HaveToken()
    {
        if (_account.Owner is > 0 and long dead && Place.Ledger[dead].IsKilled)
        {
            throw Violation($"{Place.Ledger[dead].ToString()} was killed with the token, and it came back by itself.");
        }
        Volatile.Write(ref Place.Ledger.Shared(EventFamily.LastHadWord), Stopwatch.GetTimestamp());
        _account.Enter(Id, told: false);
        _account.Begin(Id);
        Phase = WorkerPhase.Inside;
        _account.Raise(Id, 0, Dally);
        if (OnceIn(MoveDoorOneIn))
        {
            MoveDoor();
        }
        Phase = WorkerPhase.Leaving;
        _account.Leave(Id);
        if (Place.Fault != StressFault.LostCapacity || !OnceIn(FaultOneIn))
        {
            _baton.Set();
        }
    }

    // Only who has the token does, so that the accounts need no lock.
    private void MoveDoor()
    {
        long opened = Volatile.Read(ref Opened);
        if (opened == Closed)
        {
            Interlocked.Increment(ref Opened);
            _door.Set();
            return;
        }
        _door.Reset();
        // Not what it is now: the controller opens it at the end, whoever has the token.
        Volatile.Write(ref Closed, opened);
    }

    private void PassDoor()
    {
        long closed = Volatile.Read(ref Closed), opened = Volatile.Read(ref Opened);
        Phase = WorkerPhase.Asking;
        Volatile.Write(ref Record.Own(EventFamily.AtDoor), 1);
        // Half of them never wait for long here: somebody must be there to open it.
        bool passed = Place.Fault == StressFault.NoExclusion || (Seat % 2 == 0 ? _door.TryWait(Moment()) : TryWait(_door));
        Volatile.Write(ref Record.Own(EventFamily.AtDoor), 0);
        Phase = WorkerPhase.Idle;
        if (passed && closed == opened && Volatile.Read(ref Opened) == opened)
        {
            throw Violation($"{Record.ToString()} has passed a closed door, which nobody has opened since it was closed for the {closed}th time.");
        }
    }

    private bool TryWait(SharedEvent waited)
    {
        switch (Random.Next(10))
        {
            case < 5:
                waited.Wait();
                return true;
            case < 7:
                return waited.TryWait(Moment());
            case 7:
                return waited.TryWait();
            case 8:
                waited.WaitAsync().AsTask().GetAwaiter().GetResult();
                return true;
            default:
                return TryAwait(async token =>
                {
                    await waited.WaitAsync(token);
                    return true;
                });
        }
    }
}

namespace Isthmus.Cli.Stress.Families;

/// <summary>Acquires a permit, holds it, and gives it back; now and then by closing the semaphore.</summary>
internal sealed class SemaphoreWorker(StressPlace place, long id) : StressWorker(place, id)
{
    private const int TurnsPerAttachment = 100, FaultOneIn = 5, LongOneIn = 2;

    // Holding so long that all permits are mostly held, and one that has come back is missed at once.
    private static readonly TimeSpan s_long = TimeSpan.FromMilliseconds(1);

    private readonly PermitAccount _account = new(place.Ledger, 0, SemaphoreFamily.Permits(place));
    private SharedSemaphore _semaphore = Open(place);

    public override void Dispose() => _semaphore.Dispose();

    protected override void Turn()
    {
        Phase = WorkerPhase.Asking;
        if (TryAcquire())
        {
            _account.Take(Id);
            _account.See(_semaphore.CurrentCount);
            Phase = WorkerPhase.Inside;
            Hold();
            Phase = WorkerPhase.Leaving;
            _account.GiveBack(Id);
            GiveBack();
        }
        Phase = WorkerPhase.Idle;
    }

    private static SharedSemaphore Open(StressPlace place) =>
        SharedSemaphore.Open(SemaphoreFamily.ObjectName, place.Options(new SharedObjectOptions()));

    private bool TryAcquire()
    {
        if (Place.Fault == StressFault.FromNothing && OnceIn(FaultOneIn))
        {
            return true;
        }
        switch (Random.Next(10))
        {
            case < 5:
                _semaphore.Acquire();
                return true;
            case < 7:
                return _semaphore.TryAcquire(Moment());
            case 7:
                return _semaphore.TryAcquire();
            case 8:
                _semaphore.AcquireAsync().AsTask().GetAwaiter().GetResult();
                return true;
            default:
                return TryAwait(async token =>
                {
                    await _semaphore.AcquireAsync(token);
                    return true;
                });
        }
    }

    private void Hold()
    {
        if (OnceIn(LongOneIn))
        {
            Thread.Sleep(s_long);
        }
        Dally();
    }

    private void GiveBack()
    {
        if (Place.Fault == StressFault.LostCapacity && OnceIn(FaultOneIn))
        {
            return;
        }
        if (OnceIn(TurnsPerAttachment))
        {
            _semaphore.Dispose();
            _semaphore = Open(Place);
        }
        else if (Place.Fault == StressFault.None || _semaphore.HeldCount > 0)
        {
            _semaphore.Release();
        }
    }
}

namespace Isthmus.Cli.Stress.Families;

/// <summary>Puts in or takes out; waits while there is no room, or nothing.</summary>
internal sealed class ConditionWorker : StressWorker
{
    private const int TurnsPerAttachment = 200, FaultOneIn = 10;

    private readonly ExclusiveAccount _account;
    private readonly bool _produces;
    private SharedMutex _mutex;
    private SharedCondition _awaited;
    private SharedCondition _served;

    public ConditionWorker(StressPlace place, long id)
        : base(place, id)
    {
        _account = new ExclusiveAccount(place.Ledger, numbers: 2);
        _produces = ConditionFamily.Produces(Seat);
        (_mutex, _awaited, _served) = Open();
    }

    private long Inside => _account.Number(ConditionFamily.Put) - _account.Number(ConditionFamily.Taken);

    private bool CanGoOn => _produces ? Inside < ConditionFamily.Room : Inside > 0;

    private bool IsStopping => Volatile.Read(ref Place.Ledger.Stopping) != 0;

    public override void Dispose()
    {
        _mutex.Dispose();
        _awaited.Dispose();
        _served.Dispose();
    }

    protected override void Turn()
    {
        if (OnceIn(TurnsPerAttachment))
        {
            Dispose();
            (_mutex, _awaited, _served) = Open();
        }
        Phase = WorkerPhase.Asking;
        SharedMutexScope scope = _mutex.Enter();
        Begin(scope);
        if (TryUntilItCan(ref scope))
        {
            Work();
            Leave();
            scope.Dispose();
        }
        Phase = WorkerPhase.Idle;
    }

    private (SharedMutex Mutex, SharedCondition Awaited, SharedCondition Served) Open() => (
        SharedMutex.Open(ConditionFamily.Mutex, Place.Options(new SharedMutexOptions())),
        SharedCondition.Open(_produces ? ConditionFamily.Emptied : ConditionFamily.Filled, Place.Options(new SharedObjectOptions())),
        SharedCondition.Open(_produces ? ConditionFamily.Filled : ConditionFamily.Emptied, Place.Options(new SharedObjectOptions())));

    // In the mutex.
    private void Begin(SharedMutexScope scope)
    {
        bool told = scope.IsAbandoned;
        _account.Enter(Id, told);
        if (told)
        {
            // The dead one may have changed something and told nobody.
            _awaited.Broadcast();
            _served.Broadcast();
        }
        scope.DeclareConsistent();
        _account.Begin(Id);
        Phase = WorkerPhase.Inside;
    }

    private void Leave()
    {
        Phase = WorkerPhase.Leaving;
        _account.Leave(Id);
    }

    // False when it is not in the mutex any more.
    private bool TryUntilItCan(ref SharedMutexScope scope)
    {
        while (!CanGoOn && !IsStopping)
        {
            Leave();
            Phase = WorkerPhase.Asking;
            Volatile.Write(ref Record.Own(ConditionFamily.Waits), 1);
            bool isInside = TryWait(ref scope);
            Volatile.Write(ref Record.Own(ConditionFamily.Waits), 0);
            if (!isInside)
            {
                return false;
            }
            Begin(scope);
        }
        return true;
    }

    private void Work()
    {
        if (!CanGoOn)
        {
            return; // It was told to stop.
        }
        _account.Raise(Id, _produces ? ConditionFamily.Put : ConditionFamily.Taken, Dally);
        if (Place.Fault == StressFault.LostUpdate && OnceIn(FaultOneIn))
        {
            _account.Number(ConditionFamily.Put)--;
        }
        if (Inside is < 0 or > ConditionFamily.Room)
        {
            throw Violation($"There are {Inside} things in a buffer that takes {ConditionFamily.Room}.");
        }
        if (Place.Fault != StressFault.NoWake)
        {
            _served.Signal();
        }
    }

    // False when it is not in the mutex any more.
    private bool TryWait(ref SharedMutexScope scope)
    {
        switch (Random.Next(10))
        {
            case < 6:
                _awaited.Wait(ref scope);
                return true;
            case < 8:
                _awaited.TryWait(ref scope, Moment());
                return true;
            case 8:
                scope = _awaited.WaitAsync(scope).AsTask().GetAwaiter().GetResult();
                return true;
            default:
                SharedMutexScope given = scope, entered = default;
                bool isInside = TryAwait(async token =>
                {
                    entered = await _awaited.WaitAsync(given, token);
                    return true;
                });
                scope = entered;
                return isInside || HasLeft(given);
        }
    }

    // Cancelled before it has begun to wait: then the mutex was not left.
    private static bool HasLeft(SharedMutexScope scope)
    {
        scope.Dispose();
        return false;
    }
}

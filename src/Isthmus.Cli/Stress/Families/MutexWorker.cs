namespace Isthmus.Cli.Stress.Families;

/// <summary>Enters the mutex, raises a number, leaves; now and then it opens the mutex anew.</summary>
internal class MutexWorker(StressPlace place, long id) : StressWorker(place, id)
{
    private const int TurnsPerAttachment = 200;

    private readonly ExclusiveAccount _account = new(place.Ledger);
    private SharedMutex _mutex = Open(place);

    public override void Dispose() => _mutex.Dispose();

    protected override void Turn()
    {
        if (OnceIn(TurnsPerAttachment))
        {
            _mutex.Dispose();
            _mutex = Open(Place);
        }
        Phase = WorkerPhase.Asking;
        if (TryEnter(_mutex, out SharedMutexScope scope))
        {
            Work(scope);
        }
        Phase = WorkerPhase.Idle;
    }

    protected virtual bool TryEnter(SharedMutex mutex, out SharedMutexScope scope)
    {
        switch (Random.Next(10))
        {
            case < 5:
                scope = mutex.Enter();
                return true;
            case < 7:
                return mutex.TryEnter(Moment(), out scope);
            case 7:
                return mutex.TryEnter(out scope);
            case 8:
                scope = mutex.EnterAsync().AsTask().GetAwaiter().GetResult();
                return true;
            default:
                SharedMutexScope entered = default;
                bool isIn = TryAwait(async token =>
                {
                    entered = await mutex.EnterAsync(token);
                    return true;
                });
                scope = entered;
                return isIn;
        }
    }

    protected virtual bool IsTold(SharedMutexScope scope) => scope.IsAbandoned;

    protected virtual void Raise() => _account.Raise(Id, 0, Dally);

    protected virtual void Exit(SharedMutexScope scope) => scope.Dispose();

    private static SharedMutex Open(StressPlace place) => SharedMutex.Open(MutexFamily.ObjectName, place.Options(new SharedMutexOptions()));

    private void Work(SharedMutexScope scope)
    {
        _account.Enter(Id, IsTold(scope));
        scope.DeclareConsistent();
        _account.Begin(Id);
        Phase = WorkerPhase.Inside;
        Raise();
        Phase = WorkerPhase.Leaving;
        _account.Leave(Id);
        Exit(scope);
    }
}

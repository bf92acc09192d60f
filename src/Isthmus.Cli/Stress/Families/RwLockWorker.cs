namespace Isthmus.Cli.Stress.Families;

/// <summary>Reads, writes, or reads and then writes.</summary>
internal sealed class RwLockWorker : StressWorker
{
    private const int TurnsPerAttachment = 200, FaultOneIn = 10;

    private readonly ExclusiveAccount _writers;
    private readonly ReadAccount _readers;
    private SharedReaderWriterLock _lock;

    public RwLockWorker(StressPlace place, long id)
        : base(place, id)
    {
        _writers = new ExclusiveAccount(place.Ledger, intent: RwLockFamily.Writes);
        _readers = new ReadAccount(place.Ledger, place.Processes, _writers);
        _lock = Open();
    }

    public override void Dispose() => _lock.Dispose();

    protected override void Turn()
    {
        if (OnceIn(TurnsPerAttachment))
        {
            _lock.Dispose();
            _lock = Open();
        }
        int what = Random.Next(10);
        Record.Own(RwLockFamily.Writes) = what < 6 ? 0 : 1;
        Phase = WorkerPhase.Asking;
        if (what < 6)
        {
            Read();
        }
        else if (what < 8)
        {
            Write();
        }
        else
        {
            ReadAndWrite();
        }
        Phase = WorkerPhase.Idle;
    }

    private SharedReaderWriterLock Open() => SharedReaderWriterLock.Open(RwLockFamily.ObjectName, Place.Options(new SharedObjectOptions()));

    private void Read()
    {
        if (Place.Fault == StressFault.NoExclusion && OnceIn(FaultOneIn))
        {
            Look(told: false);
        }
        else if (TryEnter(_lock.EnterRead, _lock.TryEnterRead, _lock.EnterReadAsync, out SharedReaderWriterScope scope))
        {
            Look(IsTold(scope));
            scope.Dispose();
        }
    }

    private void Write()
    {
        if (!TryEnter(_lock.EnterWrite, _lock.TryEnterWrite, _lock.EnterWriteAsync, out SharedReaderWriterScope scope))
        {
            return;
        }
        long written = Change(scope);
        if (OnceIn(2))
        {
            scope.DowngradeToRead();
            Require(Look(told: false) == written, "Somebody has written while a writer became a reader.");
        }
        scope.Dispose();
    }

    private void ReadAndWrite()
    {
        if (!TryEnter(_lock.EnterUpgradeableRead, _lock.TryEnterUpgradeableRead, _lock.EnterUpgradeableReadAsync, out SharedReaderWriterScope scope))
        {
            return;
        }
        _readers.BeginUpgradeable(Id);
        long read = Look(IsTold(scope));
        Phase = WorkerPhase.Asking;
        if (scope.TryUpgrade(OnceIn(2) ? Timeout.InfiniteTimeSpan : Moment()))
        {
            Require(Volatile.Read(ref _writers.Number(0)) == read, "Somebody has written while a reader became the writer.");
            long written = Change(scope);
            scope.Downgrade();
            Require(Look(told: false) == written, "Somebody has written while a writer became an upgradeable reader.");
        }
        _readers.EndUpgradeable(Id);
        scope.Dispose();
    }

    // What is read while it may not change.
    private long Look(bool told)
    {
        _readers.Begin(Id, told);
        Phase = WorkerPhase.Inside;
        long read = Volatile.Read(ref _writers.Number(0));
        Dally();
        Require(Volatile.Read(ref _writers.Number(0)) == read, "What somebody reads has changed.");
        Phase = WorkerPhase.Leaving;
        _readers.End(Id);
        return read;
    }

    private long Change(SharedReaderWriterScope scope)
    {
        _writers.Enter(Id, IsTold(scope));
        scope.DeclareConsistent();
        _writers.Begin(Id);
        Phase = WorkerPhase.Inside;
        _readers.RequireNoReaders(Id);
        _writers.Raise(Id, 0, Dally);
        long written = _writers.Number(0);
        Phase = WorkerPhase.Leaving;
        _writers.Leave(Id);
        return written;
    }

    private bool IsTold(SharedReaderWriterScope scope) => scope.IsAbandoned && Place.Fault != StressFault.NotTold;

    private void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw Violation($"{what} It was {Record.ToString()}.");
        }
    }

    private bool TryEnter(
        Func<SharedReaderWriterScope> enter, TryEnterFor tryEnter, Func<CancellationToken, ValueTask<SharedReaderWriterScope>> enterAsync,
        out SharedReaderWriterScope scope)
    {
        switch (Random.Next(10))
        {
            case < 5:
                scope = enter();
                return true;
            case < 7:
                return tryEnter(Moment(), out scope);
            case 7:
                return tryEnter(TimeSpan.Zero, out scope);
            case 8:
                scope = enterAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
                return true;
            default:
                SharedReaderWriterScope entered = default;
                bool isIn = TryAwait(async token =>
                {
                    entered = await enterAsync(token);
                    return true;
                });
                scope = entered;
                return isIn;
        }
    }

    private delegate bool TryEnterFor(TimeSpan timeout, out SharedReaderWriterScope scope);
}

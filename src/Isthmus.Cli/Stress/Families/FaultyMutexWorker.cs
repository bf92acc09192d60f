namespace Isthmus.Cli.Stress.Families;

/// <summary>Does what a broken mutex would look like.</summary>
internal sealed class FaultyMutexWorker(StressPlace place, long id) : MutexWorker(place, id)
{
    private const int Seldom = 100;

    protected override bool TryEnter(SharedMutex mutex, out SharedMutexScope scope)
    {
        scope = default;
        return Place.Fault == StressFault.NoExclusion || base.TryEnter(mutex, out scope);
    }

    protected override bool IsTold(SharedMutexScope scope) => Place.Fault switch
    {
        StressFault.NotTold => false,
        StressFault.ToldFalsely => true,
        _ => base.IsTold(scope),
    };

    protected override void Raise()
    {
        base.Raise();
        switch (Place.Fault)
        {
            case StressFault.LostUpdate when OnceIn(Seldom):
                new ExclusiveAccount(Place.Ledger).Number(0)--;
                break;
            case StressFault.EndsItself when OnceIn(Seldom):
                Environment.Exit(ExitCode.System);
                break;
        }
    }

    protected override void Exit(SharedMutexScope scope)
    {
        if (Place.Fault != StressFault.Stuck)
        {
            base.Exit(scope);
        }
    }
}

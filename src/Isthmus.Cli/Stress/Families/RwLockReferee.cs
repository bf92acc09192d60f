namespace Isthmus.Cli.Stress.Families;

/// <summary>Closes the lock's account.</summary>
internal sealed class RwLockReferee(StressPlace place) : StressReferee
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    public override IReadOnlyList<(string Name, long Value)> Close()
    {
        ExclusiveAccount account = new(place.Ledger, intent: RwLockFamily.Writes);
        using SharedReaderWriterLock opened = SharedReaderWriterLock.Open(RwLockFamily.ObjectName, place.Options(new SharedObjectOptions()));
        if (!opened.TryEnterWrite(s_patience, out SharedReaderWriterScope scope))
        {
            throw new StressViolationException("Nobody is there any more, and the lock is not free.");
        }
        if (account.Owner != 0 && !scope.IsAbandoned)
        {
            throw new StressViolationException("The last writer was killed while it wrote, and the controller was not told.");
        }
        scope.DeclareConsistent();
        scope.Dispose();
        return [("writes", account.Close())];
    }
}

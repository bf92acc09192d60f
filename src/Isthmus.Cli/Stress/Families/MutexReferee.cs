namespace Isthmus.Cli.Stress.Families;

/// <summary>Closes the mutex's account.</summary>
internal sealed class MutexReferee(StressPlace place) : StressReferee
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    /// <summary>Everybody has left: the mutex can be entered, and the last death inside is told.</summary>
    public static void RequireFree(StressPlace place, string name, ExclusiveAccount account)
    {
        using SharedMutex mutex = SharedMutex.Open(name, place.Options(new SharedMutexOptions()));
        if (!mutex.TryEnter(s_patience, out SharedMutexScope scope))
        {
            throw new StressViolationException("Nobody is there any more, and the mutex is not free.");
        }
        if (account.Owner != 0 && !scope.IsAbandoned)
        {
            throw new StressViolationException("The last one was killed inside, and the controller was not told.");
        }
        scope.DeclareConsistent();
        scope.Dispose();
    }

    public override IReadOnlyList<(string Name, long Value)> Close()
    {
        ExclusiveAccount account = new(place.Ledger);
        RequireFree(place, MutexFamily.ObjectName, account);
        return [("updates", account.Close())];
    }
}

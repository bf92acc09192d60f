namespace Isthmus.Cli.Stress;

/// <summary>The controller's part in the objects of a run. It is called by one thread, every few milliseconds.</summary>
internal abstract class StressReferee : IDisposable
{
    /// <summary>Looks at the accounts while the run goes on.</summary>
    /// <param name="live">The numbers of those who are there, the killed ones excepted.</param>
    /// <param name="granted">How much of the time since the last look these could use.</param>
    /// <exception cref="StressViolationException">A promise was broken.</exception>
    public virtual void Look(IReadOnlyList<long> live, TimeSpan granted)
    {
    }

    /// <summary>Whether something takes longer than it should.</summary>
    public virtual bool IsSuspicious => false;

    /// <summary>False while a kill or a pause would hit nobody at work, because something must be put in order first.</summary>
    public virtual bool MayDisrupt => true;

    /// <summary>Whether a process waits for something that has not come about, so that it is no fault that it waits.</summary>
    public virtual bool HasReason(LedgerRecord record) => false;

    /// <summary>Lets all go who wait for others: everybody is to leave. Called again and again until they have.</summary>
    public virtual void Release()
    {
    }

    /// <summary>Everybody has left: the last account.</summary>
    /// <returns>What is worth telling, by name.</returns>
    /// <exception cref="StressViolationException">It does not add up.</exception>
    public abstract IReadOnlyList<(string Name, long Value)> Close();

    public virtual void Dispose() => GC.SuppressFinalize(this);
}

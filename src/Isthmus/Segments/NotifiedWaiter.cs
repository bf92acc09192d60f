namespace Isthmus;

/// <summary>
/// A waiter of somebody who waits for several things at once: it is told of each chance, and does the steps itself, one thing after the
/// other.
/// </summary>
internal abstract class NotifiedWaiter(SemaphoreSlim chances) : AsyncWaiter
{
    // Others that wait for the word must be stepped too.
    public override bool StandsForAll => false;

    public override bool StepsItself => false;

    /// <summary>Does steps until the operation has its outcome (true) or has to wait.</summary>
    public abstract bool DoSteps();

    public override bool Advance()
    {
        chances.Release();
        return false;
    }
}

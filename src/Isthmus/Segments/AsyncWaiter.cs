namespace Isthmus;

/// <summary>
/// One asynchronous operation that waits for a word. All but <see cref="Complete"/> is called under the lock of its <see
/// cref="SegmentWaiters"/>.
/// </summary>
internal abstract class AsyncWaiter
{
    /// <summary>The queue it stands in.</summary>
    public LinkedListNode<AsyncWaiter> Node { get; }

    protected AsyncWaiter() => Node = new LinkedListNode<AsyncWaiter>(this);

    /// <summary>What it waits for, after <see cref="Advance"/> said that it does.</summary>
    public Progress Wait { get; protected set; }

    /// <summary>Whether no other operation of this kind on the same word can go on when this one cannot.</summary>
    public abstract bool StandsForAll { get; }

    /// <summary>Whether <see cref="Advance"/> does steps; if not, it only tells somebody who does them later.</summary>
    public virtual bool StepsItself => true;

    /// <summary>Whether its time is up.</summary>
    public virtual bool IsDue => false;

    /// <summary>Does steps until it has its outcome (true) or has to wait.</summary>
    public abstract bool Advance();

    /// <summary>Gives up waiting; after that, <see cref="Advance"/> comes to the outcome.</summary>
    public abstract void Withdraw();

    /// <summary>Resumes who awaits it, on the thread pool.</summary>
    public abstract void Complete(Exception? error);
}

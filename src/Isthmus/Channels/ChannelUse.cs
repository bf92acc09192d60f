namespace Isthmus;

/// <summary>
/// Whether somebody waits by means of a producer, a consumer, a publisher or a subscriber. Its place is not given back before that one is out of it: until then
/// it is nobody else's.
/// </summary>
/// <remarks>
/// There are two ways. A thread that looks again and again, before it sleeps, says so by a plain store, which costs it nothing; who disposes fences for it and
/// waits for it. Others, and who awaits, are counted, and the last of them gives the place back.
/// </remarks>
internal sealed class ChannelUse
{
    private const int Disposed = 1 << 30;

    private int _state;
    private volatile bool _isLooking;

    /// <summary>Whether it was disposed.</summary>
    public bool IsDisposed => (Volatile.Read(ref _state) & Disposed) != 0;

    /// <summary>Begins to look, or to sleep, in one thread. Each look is preceded by one whether it was disposed; <see cref="EndLook"/> follows.</summary>
    public void BeginLook() => _isLooking = true;

    /// <summary>Ends that.</summary>
    public void EndLook() => _isLooking = false;

    /// <summary>Before a wait. What follows finds out whether it was disposed before, and <see cref="Leave"/> follows that.</summary>
    public void Enter() => Interlocked.Increment(ref _state);

    /// <summary>After a wait.</summary>
    /// <returns>Whether it was disposed, and this was the last: the place is to be given back.</returns>
    public bool Leave() => Interlocked.Decrement(ref _state) == Disposed;

    /// <summary>Says that it is disposed, wakes those who wait, and waits for the thread that looks.</summary>
    /// <param name="wake">Wakes all.</param>
    /// <returns>Whether nobody else waits: the place is to be given back.</returns>
    public bool Dispose(Action wake)
    {
        bool isFree = (Interlocked.Or(ref _state, Disposed) & ~Disposed) == 0;
        // Who has said that it looks is seen, or sees that this is disposed.
        Interlocked.MemoryBarrierProcessWide();
        if (!isFree || _isLooking)
        {
            wake();
        }
        SpinWait spin = default;
        while (_isLooking)
        {
            spin.SpinOnce();
        }
        return isFree;
    }

    /// <summary>An operation that is withdrawn when this is disposed.</summary>
    public UntilDisposed<TOperation> Until<TOperation>(TOperation operation)
        where TOperation : struct, IOperation => new(operation, this);
}

namespace Isthmus;

/// <summary>An operation on a shared object as one of several things to wait for.</summary>
/// <typeparam name="TOperation">The operation, in the mode <see cref="Waiters.Bells"/>.</typeparam>
/// <typeparam name="TResult">What it gives.</typeparam>
internal sealed class SharedWaitSource<TOperation, TResult> : WaitSource<TResult>
    where TOperation : struct, IOperation
{
    private readonly Segment _segment;
    private readonly Func<TOperation> _start;
    private readonly Outcome _outcome;
    private readonly Action<TResult> _giveBack;
    private NotifiedOperation<TOperation>? _waiter;

    /// <param name="segment">Of the object.</param>
    /// <param name="start">The operation from its beginning.</param>
    /// <param name="outcome">Whether a finished operation succeeded, and with what.</param>
    /// <param name="giveBack">Undoes an operation that succeeded too late.</param>
    public SharedWaitSource(Segment segment, Func<TOperation> start, Outcome outcome, Action<TResult> giveBack) =>
        (_segment, _start, _outcome, _giveBack) = (segment, start, outcome, giveBack);

    /// <summary>Whether a finished operation succeeded, and with what.</summary>
    internal delegate bool Outcome(TOperation operation, out TResult result);

    internal override bool Begin(SemaphoreSlim chances)
    {
        NotifiedOperation<TOperation> waiter = new(_segment, _start(), chances);
        bool done = waiter.DoSteps();
        _segment.ThrowIfDisposed();
        if (done)
        {
            return Succeeds(waiter.Operation);
        }
        _segment.WatchPeers();
        _segment.Waiters.Add(waiter);
        _waiter = waiter;
        return false;
    }

    internal override bool TryFinish()
    {
        if (_waiter is null || !_segment.Waiters.TryFinish(_waiter))
        {
            return false;
        }
        TOperation finished = _waiter.Operation;
        _waiter = null;
        return Succeeds(finished);
    }

    internal override void GiveUp()
    {
        NotifiedOperation<TOperation>? waiter = _waiter;
        _waiter = null;
        if (waiter is null)
        {
            return;
        }
        _segment.Waiters.GiveUp(waiter);
        if (!_segment.IsDisposed && _outcome(waiter.Operation, out TResult result))
        {
            _giveBack(result);
        }
    }

    private bool Succeeds(TOperation finished)
    {
        bool succeeded = _outcome(finished, out TResult result);
        Result = result;
        return succeeded;
    }
}

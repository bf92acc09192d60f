namespace Isthmus;

/// <summary>
/// Lets others in: the owner leaves, or opens the lock to readers and stays. Who is not the owner of just that entry
/// changes nothing.
/// </summary>
internal struct ReaderWriterLower : IOperation
{
    private readonly ulong _owned;
    private readonly ReaderWriterMode _mode;
    private ulong _seen;
    private bool _isLowered;

    /// <param name="owned">The word that the entry made, or a later one.</param>
    /// <param name="mode"><see cref="ReaderWriterMode.Free"/> or <see cref="ReaderWriterMode.Upgradeable"/>.</param>
    public ReaderWriterLower(ulong owned, ReaderWriterMode mode)
    {
        _owned = _seen = owned;
        _mode = mode;
    }

    /// <summary>Whether it was owned.</summary>
    public bool IsLowered => _isLowered;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_isLowered)
        {
            memory.Wake(ReaderWriterOwner.Word, WaiterFlags.Of(_seen), Wakes(_seen));
            return Progress.Done;
        }
        ulong lowered = _mode == ReaderWriterMode.Free ? ReaderWriterOwner.Left(_seen) : ReaderWriterOwner.Opened(_seen);
        if (memory.CompareExchange(ReaderWriterOwner.Word, ref _seen, lowered))
        {
            _isLowered = true;
            return WaiterFlags.Of(_seen & ~lowered) == Waiters.None ? Progress.Done : Progress.Continues;
        }
        return ReaderWriterOwner.IsSameEntry(_seen, _owned) ? Progress.Continues : Progress.Done;
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Leaving does not wait.");

    // All readers can go on, of the others one. Nobody enters an unusable lock, so all must hear of it.
    private static int Wakes(ulong seen) =>
        ReaderWriterOwner.HasReadersWaiting(seen) || ReaderWriterOwner.IsUnusable(ReaderWriterOwner.Left(seen)) ? int.MaxValue : 1;
}

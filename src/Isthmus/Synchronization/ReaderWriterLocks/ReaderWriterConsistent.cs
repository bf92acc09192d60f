namespace Isthmus;

/// <summary>
/// Declares what a reader-writer lock protects to be consistent again. Only the owner of just that entry can, and while
/// it writes.
/// </summary>
internal struct ReaderWriterConsistent : IOperation
{
    private readonly ulong _owned;
    private ulong _seen;

    /// <param name="owned">The word that the entry made.</param>
    public ReaderWriterConsistent(ulong owned) => _owned = _seen = ReaderWriterOwner.WithMode(owned, ReaderWriterMode.Writing);

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory =>
        memory.CompareExchange(ReaderWriterOwner.Word, ref _seen, _seen & ~ReaderWriterOwner.Abandoned) || !IsWriting()
            ? Progress.Done : Progress.Continues;

    public readonly void Withdraw() => throw new InvalidOperationException("Declaring does not wait.");

    private readonly bool IsWriting() =>
        ReaderWriterOwner.IsSameEntry(_seen, _owned) && ReaderWriterOwner.ModeOf(_seen) == ReaderWriterMode.Writing;
}

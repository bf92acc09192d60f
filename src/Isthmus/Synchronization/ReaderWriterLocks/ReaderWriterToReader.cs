namespace Isthmus;

/// <summary>
/// The owner becomes one of the readers of its slot: it announces itself first, so that no writer gets in between, and
/// then leaves.
/// </summary>
/// <param name="slot">Whose.</param>
/// <param name="owned">The word that the entry made.</param>
internal struct ReaderWriterToReader(int slot, ulong owned) : IOperation
{
    private ReaderWriterChange _announce = new(slot, 1, 0);
    private ReaderWriterLower _leave = new(owned, ReaderWriterMode.Free);
    private bool _isAnnounced;

    /// <summary>
    /// Whether it is one; else its participant has as many readers as its word can count, and it is still the owner.
    /// </summary>
    public readonly bool IsReader => _announce.IsDone;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_isAnnounced)
        {
            return _leave.Step(ref memory);
        }
        if (_announce.Step(ref memory).Kind == ProgressKind.Done)
        {
            _isAnnounced = true;
            return _announce.IsDone ? Progress.Continues : Progress.Done;
        }
        return Progress.Continues;
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Leaving does not wait.");
}

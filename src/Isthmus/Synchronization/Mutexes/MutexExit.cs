namespace Isthmus;

/// <summary>Leaves a mutex. Who is not the owner of just that entry changes nothing.</summary>
internal struct MutexExit : IOperation
{
    private readonly ulong _owned;
    private ulong _seen;
    private bool _left;

    /// <param name="owned">The word that the entry made.</param>
    public MutexExit(ulong owned) => _owned = _seen = owned;

    /// <summary>Whether it was owned.</summary>
    public bool Left => _left;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_left)
        {
            memory.Wake(MutexWord.Word, MutexWord.WaitersOf(_seen), Wakes(_seen));
            return Progress.Done;
        }
        if (memory.CompareExchange(MutexWord.Word, ref _seen, MutexWord.Left(_seen)))
        {
            _left = true;
            return MutexWord.WaitersOf(_seen) == Waiters.None ? Progress.Done : Progress.Continues;
        }
        // Waiters may have come, and the data may have been declared consistent.
        return MutexWord.IsSameEntry(_seen, _owned) ? Progress.Continues : Progress.Done;
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Leaving does not wait.");

    // Nobody enters an unusable mutex, so all who wait must hear of it.
    private static int Wakes(ulong seen) => (seen & MutexWord.Abandoned) != 0 ? int.MaxValue : 1;
}

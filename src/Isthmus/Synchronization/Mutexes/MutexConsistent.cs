namespace Isthmus;

/// <summary>Declares what a mutex protects to be consistent again. Only the owner of just that entry can.</summary>
internal struct MutexConsistent : IOperation
{
    private readonly ulong _owned;
    private ulong _seen;

    /// <param name="owned">The word that the entry made.</param>
    public MutexConsistent(ulong owned) => _owned = _seen = owned;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory =>
        memory.CompareExchange(MutexWord.Word, ref _seen, _seen & ~MutexWord.Abandoned) || !MutexWord.IsSameEntry(_seen, _owned)
            ? Progress.Done : Progress.Continues;

    public readonly void Withdraw() => throw new InvalidOperationException("Declaring does not wait.");
}

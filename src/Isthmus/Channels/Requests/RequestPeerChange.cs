namespace Isthmus;

/// <summary>Says what a participant is: that it serves, or how many cells of its slot were used.</summary>
/// <param name="slot">Its slot.</param>
/// <param name="role">What it says.</param>
/// <param name="cells">For <see cref="RequestRole.Calls"/>: how many cells, at least.</param>
internal struct RequestPeerChange(int slot, RequestRole role, int cells) : IOperation
{
    private ulong _seen;
    private bool _looked;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (!_looked)
        {
            _seen = memory.Load(RequestPeerWord.Word(slot));
            _looked = true;
            return IsDone ? Progress.Done : Progress.Continues;
        }
        return memory.CompareExchange(RequestPeerWord.Word(slot), ref _seen, Changed) || IsDone ? Progress.Done : Progress.Continues;
    }

    public readonly void Withdraw() => throw new InvalidOperationException("This does not wait.");

    private readonly bool IsDone =>
        role == RequestRole.Serves ? RequestPeerWord.Serves(_seen) : RequestPeerWord.CellsOf(_seen, int.MaxValue) >= cells;

    private readonly ulong Changed => role == RequestRole.Serves ? RequestPeerWord.Serving(_seen) : RequestPeerWord.Using(_seen, cells);
}

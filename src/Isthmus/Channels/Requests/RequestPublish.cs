namespace Isthmus;

/// <summary>Publishes a reply, which was written before, by one store of the reply word, and wakes the client if it sleeps.</summary>
/// <param name="cells">Where the cells are.</param>
/// <param name="cell">Whose reply word nobody else writes just now.</param>
/// <param name="reply">What that becomes.</param>
internal struct RequestPublish(RequestCells cells, int cell, ulong reply) : IOperation
{
    private RequestNotify _notify = new(cell + RequestCells.WaitAt);
    private bool _stored;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_stored)
        {
            return _notify.Step(ref memory);
        }
        memory.Store(cell + cells.ReplyAt, reply);
        _stored = true;
        return Progress.Continues;
    }

    public readonly void Withdraw() => throw new InvalidOperationException("This does not wait.");
}

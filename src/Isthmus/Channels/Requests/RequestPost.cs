namespace Isthmus;

/// <summary>Posts a call, whose request was written before, by one store of the call word, and wakes a server if one sleeps.</summary>
/// <param name="cell">Whose call word nobody else writes just now.</param>
/// <param name="id">The call's.</param>
internal struct RequestPost(int cell, ulong id) : IOperation
{
    private RequestSummon _summon;
    private bool _stored;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_stored)
        {
            return _summon.Step(ref memory);
        }
        memory.Store(cell + RequestCells.CallAt, RequestCallWord.Posted(id));
        _stored = true;
        return Progress.Continues;
    }

    public readonly void Withdraw() => throw new InvalidOperationException("This does not wait.");
}

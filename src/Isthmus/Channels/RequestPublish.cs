namespace Isthmus;

/// <summary>
/// Publishes what was written before by one store, and wakes who sleeps for it: a request (the call word, and a server), or a reply (the reply word, and
/// the client).
/// </summary>
/// <param name="word">The word that nobody else writes just now.</param>
/// <param name="value">What it becomes.</param>
/// <param name="sleepers">The word that the others sleep on.</param>
/// <param name="most">How many of them to wake.</param>
internal struct RequestPublish(int word, ulong value, int sleepers, int most) : IOperation
{
    private RequestNotify _notify = new(sleepers, most);
    private bool _stored;

    /// <summary>Posts a call.</summary>
    public static RequestPublish Call(int cell, ulong id) =>
        new(cell + RequestCells.CallAt, RequestCallWord.Posted(id), RequestWaitWord.Servers, 1);

    /// <summary>Replies to a call.</summary>
    public static RequestPublish Reply(RequestCells cells, int cell, ulong reply) =>
        new(cell + cells.ReplyAt, reply, cell + RequestCells.WaitAt, int.MaxValue);

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_stored)
        {
            return _notify.Step(ref memory);
        }
        memory.Store(word, value);
        _stored = true;
        return Progress.Continues;
    }

    public readonly void Withdraw() => throw new InvalidOperationException("This does not wait.");
}

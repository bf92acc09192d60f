namespace Isthmus.Tests.Explorer;

/// <summary><see cref="ReplyReceive"/> with a bug: it ends too early.</summary>
internal struct FaultyReceive(ReplyReceive receive, RequestFault fault) : IOperation
{
    private ReplyReceive _receive = receive;
    private bool _isOver;

    public static bool StandsForAll => ReplyReceive.StandsForAll;

    /// <summary>The operation.</summary>
    public readonly ReplyReceive Operation => _receive;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        return _isOver ? Progress.Done : _receive.Step(ref memory);
    }

    public void Withdraw()
    {
        _isOver = fault == RequestFault.KeepsTheWake;
        _receive.Withdraw();
    }
}

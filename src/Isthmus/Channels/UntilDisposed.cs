namespace Isthmus;

/// <summary>
/// An operation that is withdrawn when what it was started by is disposed. Who disposes that says so first, and then wakes those who wait: so each of them
/// looks here once more.
/// </summary>
/// <param name="operation">The operation.</param>
/// <param name="use">Of what it was started by.</param>
internal struct UntilDisposed<TOperation>(TOperation operation, ChannelUse use) : IOperation
    where TOperation : struct, IOperation
{
    private TOperation _operation = operation;
    private bool _isWithdrawn;

    public static bool StandsForAll => TOperation.StandsForAll;

    public readonly TOperation Operation => _operation;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (!_isWithdrawn && use.IsDisposed)
        {
            Withdraw();
        }
        return _operation.Step(ref memory);
    }

    public void Withdraw()
    {
        _isWithdrawn = true;
        _operation.Withdraw();
    }
}

namespace Isthmus;

/// <summary>Wakes all who wait for a fair mutex.</summary>
/// <param name="always">Whether also those without a flag.</param>
internal struct FairMutexCallAll(bool always) : IOperation
{
    private FairMutexCall _call;
    private int _slot;
    private bool _isCalling;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_isCalling)
        {
            _isCalling = _call.Step(ref memory).Kind != ProgressKind.Done;
            return Progress.Continues;
        }
        if (_slot >= memory.Slots)
        {
            return Progress.Done;
        }
        _call = new FairMutexCall(_slot++, always);
        _isCalling = true;
        return Progress.Continues;
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Calling does not wait.");
}

namespace Isthmus.Tests.Explorer;

/// <summary>A mutex and a condition live in two segments; here in one.</summary>
internal struct BothRecoveries(int slot, bool proven) : IOperation
{
    private MutexRecovery _mutex = new(slot, proven);
    private ConditionRecovery _condition = new();
    private bool _isFree;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_isFree)
        {
            return _condition.Step(ref memory);
        }
        _isFree = _mutex.Step(ref memory).Kind == ProgressKind.Done;
        return Progress.Continues;
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Recovery does not wait.");
}

namespace Isthmus.Tests.Explorer;

/// <summary>The recoveries of two objects that live in two segments; here in one.</summary>
internal struct Recoveries<TFirst, TSecond>(TFirst first, TSecond second) : IOperation
    where TFirst : unmanaged, IOperation
    where TSecond : unmanaged, IOperation
{
    private TFirst _first = first;
    private TSecond _second = second;
    private bool _isSecond;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_isSecond)
        {
            return _second.Step(ref memory);
        }
        _isSecond = _first.Step(ref memory).Kind == ProgressKind.Done;
        return Progress.Continues;
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Recovery does not wait.");
}

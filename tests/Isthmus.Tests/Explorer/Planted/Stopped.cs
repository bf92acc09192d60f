namespace Isthmus.Tests.Explorer;

/// <summary>
/// An operation of somebody who is stopped for ever in it: as soon as its wait has ended, so that it was chosen by a wake and does nothing with it; or
/// after so many steps.
/// </summary>
internal struct Stopped<TOperation>(TOperation operation, int steps = int.MaxValue) : IOperation
    where TOperation : unmanaged, IOperation
{
    private TOperation _operation = operation;
    private int _steps = steps;

    public static bool StandsForAll => TOperation.StandsForAll;

    /// <summary>The operation.</summary>
    public readonly TOperation Operation => _operation;

    /// <summary>Whether it was stopped before its end.</summary>
    public bool IsStopped { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (IsStopped)
        {
            return Progress.Done;
        }
        Progress progress = _operation.Step(ref memory);
        IsStopped = progress.Kind == ProgressKind.Waits || (progress.Kind != ProgressKind.Done && --_steps <= 0);
        return progress;
    }

    public void Withdraw() => _operation.Withdraw();
}

namespace Isthmus.Tests.Explorer;

/// <summary>An operation with a bug.</summary>
internal struct Faulty<TOperation>(TOperation operation, SeamFault fault) : IOperation
    where TOperation : unmanaged, IOperation
{
    private TOperation _operation = operation;
    private ulong _remembered = ulong.MaxValue;

    public static bool StandsForAll => TOperation.StandsForAll;

    /// <summary>The operation.</summary>
    public readonly TOperation Operation => _operation;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        FaultySeam<TMemory> seam = new(memory, fault, _remembered);
        Progress progress = _operation.Step(ref seam);
        _remembered = seam.Remembered;
        return progress.Kind == ProgressKind.Waits && fault == SeamFault.WaitsUnannounced
            ? Progress.WaitsFor(progress.Word, WaiterFlags.Without(progress.Expected))
            : progress;
    }

    public void Withdraw() => _operation.Withdraw();
}

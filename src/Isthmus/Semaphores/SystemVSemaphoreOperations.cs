namespace Isthmus;

/// <summary>Operations from a span: for sync calls. <paramref name="tries"/> when a call that does not wait goes before those that do.</summary>
internal readonly ref struct SystemVOperate(int id, ReadOnlySpan<SemaphoreOperation> operations, bool tries) : IBlockingOperation<bool>
{
    private readonly ReadOnlySpan<SemaphoreOperation> _operations = operations;

    public PollOutcome Run(bool noWait, out bool result)
    {
        result = true;
        return SystemVSemaphoreCall.Operate(id, _operations, noWait, wasThere: tries && !noWait);
    }
}

/// <summary>Operations from memory: for async calls.</summary>
internal readonly struct SystemVOperateAsync(int id, ReadOnlyMemory<SemaphoreOperation> operations) : IBlockingOperation<bool>
{
    public PollOutcome Run(bool noWait, out bool result)
    {
        result = true;
        return SystemVSemaphoreCall.Operate(id, operations.Span, noWait, wasThere: !noWait);
    }
}

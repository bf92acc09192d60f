using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>Drives operations for threads that block, and starts those that are awaited.</summary>
internal static class Driver
{
    /// <summary>Runs an operation that does not wait.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TOperation>(Segment segment, ref TOperation operation)
        where TOperation : struct, IOperation
    {
        SegmentMemory memory = segment.Memory;
        Run(ref memory, ref operation);
        segment.ThrowIfDisposed();
    }

    /// <inheritdoc cref="Run{TOperation}(Segment, ref TOperation)"/>
    public static void Run<TMemory, TOperation>(ref TMemory memory, ref TOperation operation)
        where TMemory : struct, ISharedMemory
        where TOperation : struct, IOperation
    {
        while (operation.Step(ref memory).Kind != ProgressKind.Done)
        {
        }
    }

    /// <summary>Runs an operation on this thread, which sleeps where it has to wait; after the deadline the operation is withdrawn.</summary>
    public static void Block<TOperation>(Segment segment, ref TOperation operation, Deadline deadline)
        where TOperation : struct, IOperation
    {
        SegmentMemory memory = segment.Memory;
        bool wasInterrupted = false;
        while (true)
        {
            Progress progress = operation.Step(ref memory);
            if (progress.Kind == ProgressKind.Done)
            {
                break;
            }
            if (progress.Kind == ProgressKind.Waits && !Sleep(segment, progress, deadline, ref wasInterrupted))
            {
                operation.Withdraw();
            }
        }
        if (wasInterrupted)
        {
            Thread.CurrentThread.Interrupt();
        }
        segment.ThrowIfDisposed();
    }

    /// <summary>
    /// Runs an operation; where it has to wait, the task is completed later. After the deadline or the cancellation it is withdrawn, which may come
    /// too late:
    /// its outcome tells.
    /// </summary>
    public static ValueTask<TOperation> RunAsync<TOperation>(
        Segment segment, TOperation operation, Deadline deadline, CancellationToken cancellationToken)
        where TOperation : struct, IOperation
    {
        SegmentMemory memory = segment.Memory;
        Progress progress;
        do
        {
            progress = operation.Step(ref memory);
        }
        while (progress.Kind == ProgressKind.Continues);
        segment.ThrowIfDisposed();
        return progress.Kind == ProgressKind.Done
            ? new ValueTask<TOperation>(operation)
            : Wait(segment, operation, progress, deadline, cancellationToken);
    }

    // What was announced must not stay behind, and the operation may have succeeded: an interruption is left for the thread's next wait of another kind.
    private static bool Sleep(Segment segment, Progress wait, Deadline deadline, ref bool wasInterrupted)
    {
        try
        {
            return segment.Sleep(wait, deadline);
        }
        catch (ThreadInterruptedException)
        {
            wasInterrupted = true;
            return true;
        }
    }

    private static ValueTask<TOperation> Wait<TOperation>(
        Segment segment, TOperation operation, Progress progress, Deadline deadline, CancellationToken cancellationToken)
        where TOperation : struct, IOperation
    {
        segment.WatchPeers();
        AsyncOperation<TOperation> waiter = AsyncOperation<TOperation>.Begin(segment, operation, progress, deadline);
        segment.Waiters.Add(waiter);
        waiter.Listen(cancellationToken);
        return waiter.Task;
    }
}

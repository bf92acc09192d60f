using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>The forms of acquiring from a fair semaphore, and its recovery.</summary>
internal static class FairSemaphore
{
    public static bool TryAcquire(Segment segment, Waiters waiters, Deadline deadline)
    {
        FairSemaphoreAcquire acquire = new(segment.Slot, waiters);
        Driver.Block(segment, ref acquire, deadline);
        return HasAcquired(segment, acquire);
    }

    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    public static async ValueTask<bool> TryAcquireAsync(Segment segment, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Deadline deadline = Deadline.After(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        FairSemaphoreAcquire acquire = await Driver.RunAsync(segment, Begin(segment), deadline, cancellationToken)
            .ConfigureAwait(false);
        if (!HasAcquired(segment, acquire))
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
        return true;
    }

    [AsyncMethodBuilder(typeof(PooledMethodBuilder))]
    public static async ValueTask AcquireAsync(Segment segment, CancellationToken cancellationToken) =>
        await TryAcquireAsync(segment, Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);

    public static WaitSource ToWaitSource(Segment segment, Action<bool> giveBack) => new SharedWaitSource<FairSemaphoreAcquire, bool>(
        segment,
        () => Begin(segment),
        (FairSemaphoreAcquire acquire, out bool acquired) => acquired = HasAcquired(segment, acquire),
        giveBack);

    public static void Recover(SegmentMemory memory, int slot, bool proven)
    {
        FairSemaphoreRecovery recovery = new(slot, proven);
        Driver.Run(ref memory, ref recovery);
    }

    private static FairSemaphoreAcquire Begin(Segment segment) => new(segment.Slot, Waiters.Bells);

    private static bool HasAcquired(Segment segment, in FairSemaphoreAcquire acquire) => !acquire.IsFull
        ? acquire.Acquired
        : throw PosixException.From(
            Errno.EAGAIN, "acquire", segment.Name, $"Of this attachment {FairMutexQueue.BatchMax} wait already; open it once more.");
}

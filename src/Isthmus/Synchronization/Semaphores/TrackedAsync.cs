using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>The awaited forms of acquiring a permit of an owner-tracked semaphore.</summary>
internal static class TrackedAsync
{
    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    public static async ValueTask<bool> TryAcquireAsync(Segment segment, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Deadline deadline = Deadline.After(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        TrackedAcquire acquire = await Driver.RunAsync(segment, Begin(segment), deadline, cancellationToken).ConfigureAwait(false);
        if (!acquire.Acquired)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
        return acquire.Acquired;
    }

    [AsyncMethodBuilder(typeof(PooledMethodBuilder))]
    public static async ValueTask AcquireAsync(Segment segment, CancellationToken cancellationToken) =>
        await TryAcquireAsync(segment, Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);

    public static WaitSource ToWaitSource(Segment segment, Action<bool> giveBack) => new SharedWaitSource<TrackedAcquire, bool>(
        segment,
        () => Begin(segment),
        static (TrackedAcquire acquire, out bool acquired) => acquired = acquire.Acquired,
        giveBack);

    private static TrackedAcquire Begin(Segment segment) => new(segment.Slot, Waiters.Bells);
}

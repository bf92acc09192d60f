using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// Waits for one of several things: operations on shared objects and descriptors that become readable, in any mixture. Exactly one operation is
/// done; of the
/// others, nothing happened. When several are possible at once, the first in the list is taken.
/// </summary>
public static class WaitAny
{
    /// <summary>The answer of <see cref="TryWait"/> and <see cref="TryWaitAsync"/> when the time was up.</summary>
    public const int TimedOut = -1;

    /// <summary>Blocks until one of the sources has happened.</summary>
    /// <returns>Its index.</returns>
    /// <exception cref="ArgumentException">There are no sources, or one stands there twice.</exception>
    /// <exception cref="ObjectDisposedException">An object was disposed, before or meanwhile.</exception>
    public static int Wait(params IReadOnlyList<WaitSource> sources) => TryWait(Timeout.InfiniteTimeSpan, sources);

    /// <summary>Blocks until one of the sources has happened, or the time is up.</summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="sources">What to wait for.</param>
    /// <returns>Its index, or <see cref="TimedOut"/>.</returns>
    /// <inheritdoc cref="Wait"/>
    public static int TryWait(TimeSpan timeout, params IReadOnlyList<WaitSource> sources)
    {
        Deadline deadline = Deadline.After(timeout);
        using WaitAnyRound round = new(sources);
        int index = round.Begin();
        while (index < 0 && !deadline.HasPassed)
        {
            round.Chances.Wait(Left(deadline));
            index = round.TryFinish();
        }
        return index;
    }

    /// <summary>Completes when one of the sources has happened.</summary>
    /// <returns>Its index.</returns>
    /// <exception cref="OperationCanceledException">Cancelled: nothing happened.</exception>
    /// <inheritdoc cref="Wait"/>
    public static ValueTask<int> WaitAsync(IReadOnlyList<WaitSource> sources, CancellationToken cancellationToken = default) =>
        TryWaitAsync(Timeout.InfiniteTimeSpan, sources, cancellationToken);

    /// <summary>Completes when one of the sources has happened, or the time is up.</summary>
    /// <returns>Its index, or <see cref="TimedOut"/>.</returns>
    /// <inheritdoc cref="WaitAsync"/>
    public static async ValueTask<int> TryWaitAsync(
        TimeSpan timeout, IReadOnlyList<WaitSource> sources, CancellationToken cancellationToken = default)
    {
        Deadline deadline = Deadline.After(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        using WaitAnyRound round = new(sources);
        int index = round.Begin();
        while (index < 0 && !deadline.HasPassed)
        {
            await round.Chances.WaitAsync(Left(deadline), cancellationToken).ConfigureAwait(false);
            index = round.TryFinish();
        }
        return index;
    }

    // A semaphore counts in milliseconds, and not beyond 24 days; the deadline is asked again.
    private static int Left(Deadline deadline) =>
        deadline.IsNever ? Timeout.Infinite : (int)Math.Min(Math.Ceiling(deadline.Remaining.TotalMilliseconds), int.MaxValue);
}

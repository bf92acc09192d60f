using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <content>Who else is there.</content>
public sealed partial class Topic
{
    /// <summary>
    /// How many publish just now. Some loads; one who was killed counts until that is noticed, usually within milliseconds.
    /// </summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public int PublisherCount => Count(subscribers: false);

    /// <summary>
    /// How many subscribe just now, and will get what is published from now on. Some loads; one who was killed counts until that is noticed, usually within
    /// milliseconds.
    /// </summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public int SubscriberCount => Count(subscribers: true);

    /// <summary>Waits until so many publish.</summary>
    /// <param name="count">How many at least, from 1 to <see cref="MaxPublishers"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There can not be so many.</exception>
    /// <exception cref="ObjectDisposedException">It is disposed, before or meanwhile.</exception>
    public void WaitForPublishers(int count = 1) => TryWaitForPublishers(Timeout.InfiniteTimeSpan, count);

    /// <summary>Waits until so many publish, at most <paramref name="timeout"/>.</summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="count">How many at least, from 1 to <see cref="MaxPublishers"/>.</param>
    /// <returns>False when the time was up.</returns>
    /// <inheritdoc cref="WaitForPublishers"/>
    public bool TryWaitForPublishers(TimeSpan timeout, int count = 1) => Wait(subscribers: false, count, Deadline.After(timeout));

    /// <summary>Completes when so many publish.</summary>
    /// <param name="count">How many at least, from 1 to <see cref="MaxPublishers"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <inheritdoc cref="WaitForPublishers"/>
    public ValueTask WaitForPublishersAsync(int count = 1, CancellationToken cancellationToken = default) =>
        WaitAsync(subscribers: false, count, cancellationToken);

    /// <summary>
    /// Waits until so many subscribe: each of them gets what is published from then on. Who publishes at once to somebody who is just being started would else
    /// publish to nobody.
    /// </summary>
    /// <param name="count">How many at least, from 1 to <see cref="MaxSubscribers"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There can not be so many.</exception>
    /// <exception cref="ObjectDisposedException">It is disposed, before or meanwhile.</exception>
    public void WaitForSubscribers(int count = 1) => TryWaitForSubscribers(Timeout.InfiniteTimeSpan, count);

    /// <summary>Waits until so many subscribe, at most <paramref name="timeout"/>.</summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="count">How many at least, from 1 to <see cref="MaxSubscribers"/>.</param>
    /// <returns>False when the time was up.</returns>
    /// <inheritdoc cref="WaitForSubscribers"/>
    public bool TryWaitForSubscribers(TimeSpan timeout, int count = 1) => Wait(subscribers: true, count, Deadline.After(timeout));

    /// <summary>Completes when so many subscribe.</summary>
    /// <param name="count">How many at least, from 1 to <see cref="MaxSubscribers"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <inheritdoc cref="WaitForSubscribers"/>
    public ValueTask WaitForSubscribersAsync(int count = 1, CancellationToken cancellationToken = default) =>
        WaitAsync(subscribers: true, count, cancellationToken);

    private int Count(bool subscribers)
    {
        // From now on their deaths are noticed, also if nobody waits.
        Segment.ThrowIfDisposed();
        Segment.WatchPeers();
        TopicAwaitPeers count = new(Layout, subscribers, 0, Waiters.None);
        Driver.Run(Segment, ref count);
        return count.Count;
    }

    private bool Wait(bool subscribers, int count, Deadline deadline)
    {
        RequirePossible(subscribers, count);
        TopicAwaitPeers wait = new(Layout, subscribers, count, Waiters.Sleepers);
        Driver.Block(Segment, ref wait, deadline);
        return wait.Count >= count;
    }

    [AsyncMethodBuilder(typeof(PooledMethodBuilder))]
    private async ValueTask WaitAsync(bool subscribers, int count, CancellationToken cancellationToken)
    {
        RequirePossible(subscribers, count);
        cancellationToken.ThrowIfCancellationRequested();
        TopicAwaitPeers wait = await Driver.RunAsync(
            Segment, new TopicAwaitPeers(Layout, subscribers, count, Waiters.Bells), Deadline.Never, cancellationToken).ConfigureAwait(false);
        if (wait.Count < count)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private void RequirePossible(bool subscribers, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, subscribers ? MaxSubscribers : MaxPublishers);
    }
}

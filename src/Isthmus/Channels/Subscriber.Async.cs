using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <content>What is awaited. A loan cannot be; so one awaits that there is a sample, and then receives it.</content>
public sealed partial class Subscriber
{
    /// <summary>Completes when there is a sample: the next call receives it at once.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="InvalidDataException">Somebody has damaged the topic's memory.</exception>
    /// <exception cref="ObjectDisposedException">This or the topic is disposed, before or meanwhile.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WaitAsync(CancellationToken cancellationToken = default) =>
        await TryWaitAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);

    /// <summary>Completes when there is a sample (the next call receives it at once), or after <paramref name="timeout"/>.</summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when the time was up.</returns>
    /// <inheritdoc cref="WaitAsync(CancellationToken)"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> TryWaitAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Deadline deadline = Deadline.After(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        while (!HasSample())
        {
            if (!await WaitAsync(deadline, cancellationToken).ConfigureAwait(false) || deadline.HasPassed)
            {
                return HasSample();
            }
        }
        return true;
    }

    /// <summary>Completes with a copy of the next sample.</summary>
    /// <param name="destination">Where to; <see cref="Topic.MaxSampleSize"/> is always enough.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">Cancelled: nothing was received.</exception>
    /// <exception cref="ArgumentException">The sample is larger; it is received again by the next call.</exception>
    /// <inheritdoc cref="WaitAsync(CancellationToken)"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TopicSampleInfo> ReceiveAsync(Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TopicSampleInfo info;
        while (!TryCopy(destination.Span, out info))
        {
            await WaitAsync(Deadline.Never, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
        return info;
    }

    /// <summary>Copies of all samples as they come, until it is cancelled.</summary>
    /// <param name="cancellationToken">Ends it with <see cref="OperationCanceledException"/>.</param>
    /// <returns>The bytes of one sample after the other, each valid until the next is asked for: they share a buffer.</returns>
    /// <inheritdoc cref="WaitAsync(CancellationToken)"/>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        byte[] buffer = new byte[Topic.MaxSampleSize];
        while (true)
        {
            TopicSampleInfo info = await ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            yield return buffer.AsMemory(0, info.Length);
        }
    }

    /// <summary>
    /// A sample as one of several things to wait for. When <see cref="WaitAny"/> returns it, <see cref="TryReceive(out TopicSample)"/> finds the sample,
    /// or, rarely, that there is none yet.
    /// </summary>
    public WaitSource ToWaitSource() => new SharedWaitSource<TopicAwait<TopicReaders>, bool>(
        _segment,
        () => new TopicAwait<TopicReaders>(_layout, new TopicReaders(_cursors), Waiters.Bells),
        static (TopicAwait<TopicReaders> wait, out bool isReady) => isReady = wait.IsReady,
        static _ => { });

    // It is received already, and only not handed out.
    private bool HasSample()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _hasPending = _hasPending || TryFind(InnerPin, out _pending);
        return _hasPending;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> WaitAsync(Deadline deadline, CancellationToken cancellationToken)
    {
        TopicAwait<TopicReaders> wait = new(_layout, new TopicReaders(_cursors), Waiters.Bells);
        wait = await Driver.RunAsync(_segment, wait, deadline, cancellationToken).ConfigureAwait(false);
        if (!wait.IsReady)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
        return wait.IsReady;
    }
}

using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <content>What is awaited. A loan cannot be; so one awaits that there is a sample, and then receives it.</content>
public sealed partial class Subscriber
{
    /// <summary>Completes when there is a sample: the next call receives it at once.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="EndOfStreamException">No publisher is left: see <see cref="HasEnded"/>.</exception>
    /// <exception cref="InvalidDataException">Somebody has damaged the topic's memory.</exception>
    /// <exception cref="ObjectDisposedException">This or the topic is disposed, before or meanwhile.</exception>
    [AsyncMethodBuilder(typeof(PooledMethodBuilder))]
    public async ValueTask WaitAsync(CancellationToken cancellationToken = default)
    {
        if (!await TryWaitAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false))
        {
            throw Ended();
        }
    }

    /// <summary>Completes when there is a sample (the next call receives it at once), or after <paramref name="timeout"/>.</summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when the time was up, or <see cref="HasEnded"/>.</returns>
    /// <inheritdoc cref="WaitAsync(CancellationToken)"/>
    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    public async ValueTask<bool> TryWaitAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Deadline deadline = Deadline.After(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        _use.Enter();
        try
        {
            while (!HasSample())
            {
                if (!await WaitAsync(deadline, cancellationToken).ConfigureAwait(false) || deadline.HasPassed)
                {
                    return HasSample();
                }
            }
            return true;
        }
        finally
        {
            LeaveWait();
        }
    }

    /// <summary>Completes with a copy of the next sample.</summary>
    /// <param name="destination">Where to; <see cref="Topic.MaxSampleSize"/> is always enough.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">Cancelled: nothing was received.</exception>
    /// <exception cref="ArgumentException">The sample is larger; it is received again by the next call.</exception>
    /// <inheritdoc cref="WaitAsync(CancellationToken)"/>
    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    public async ValueTask<TopicSampleInfo> ReceiveAsync(Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _use.Enter();
        try
        {
            TopicSampleInfo info;
            while (!TryCopy(destination.Span, out info))
            {
                if (!await WaitAsync(Deadline.Never, cancellationToken).ConfigureAwait(false) && HasEnded)
                {
                    return TryCopy(destination.Span, out info) ? info : throw Ended();
                }
                cancellationToken.ThrowIfCancellationRequested();
            }
            return info;
        }
        finally
        {
            LeaveWait();
        }
    }

    /// <summary>Copies of all samples as they come, until it is cancelled, or <see cref="HasEnded"/>.</summary>
    /// <param name="cancellationToken">Ends it with <see cref="OperationCanceledException"/>.</param>
    /// <returns>The bytes of one sample after the other, each valid until the next is asked for: they share a buffer.</returns>
    /// <inheritdoc cref="WaitAsync(CancellationToken)"/>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        byte[] buffer = new byte[Topic.MaxSampleSize];
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryCopy(buffer, out TopicSampleInfo info))
            {
                yield return buffer.AsMemory(0, info.Length);
            }
            else if (!await TryWaitAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false))
            {
                yield break;
            }
        }
    }

    /// <summary>
    /// A sample as one of several things to wait for. When <see cref="WaitAny"/> returns it, <see cref="TryReceive(out TopicSample)"/> finds the sample,
    /// or, rarely, that there is none yet; or that it <see cref="HasEnded"/>.
    /// </summary>
    public WaitSource ToWaitSource() => new SharedWaitSource<TopicAwait<TopicReaders>, bool>(
        _segment,
        () => NewWait(Waiters.Bells),
        (TopicAwait<TopicReaders> wait, out bool isReady) =>
        {
            HasEnded = wait.HasEnded;
            return isReady = wait.IsReady || wait.HasEnded;
        },
        static _ => { });

    // It is received already, and only not handed out.
    private bool HasSample()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _hasPending = _hasPending || TryFind(InnerPin, out _pending);
        return _hasPending;
    }

    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    private async ValueTask<bool> WaitAsync(Deadline deadline, CancellationToken cancellationToken)
    {
        UntilDisposed<TopicAwait<TopicReaders>> until = _use.Until(NewWait(Waiters.Bells));
        TopicAwait<TopicReaders> wait = (await Driver.RunAsync(_segment, until, deadline, cancellationToken).ConfigureAwait(false)).Operation;
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        HasEnded = wait.HasEnded;
        if (!wait.IsReady && !wait.HasEnded)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
        return wait.IsReady;
    }
}

using System.Runtime.InteropServices;

namespace Isthmus;

/// <summary>Publishes samples of a <see cref="Topic{T}"/>. Not thread-safe: one thread at a time.</summary>
/// <typeparam name="T">Of the samples.</typeparam>
public sealed class Publisher<T> : IDisposable
    where T : unmanaged
{
    internal Publisher(Publisher untyped) => Untyped = untyped;

    /// <summary>The same publisher, whose samples are bytes: each must have the size of <typeparamref name="T"/>.</summary>
    public Publisher Untyped { get; }

    /// <inheritdoc cref="Publisher.Index"/>
    public int Index => Untyped.Index;

    /// <inheritdoc cref="Publisher.Published"/>
    public long Published => Untyped.Published;

    /// <summary>Publishes a sample; waits while a subscriber that blocks has no room.</summary>
    /// <param name="sample">The sample.</param>
    /// <inheritdoc cref="Publisher.Publish(ReadOnlySpan{byte})"/>
    public void Publish(in T sample) => Untyped.Publish(BytesOf(sample));

    /// <summary>Publishes a sample, unless a subscriber that blocks has no room.</summary>
    /// <param name="sample">The sample.</param>
    /// <returns>False when one has none; nothing was published.</returns>
    /// <inheritdoc cref="Publisher.Publish(ReadOnlySpan{byte})"/>
    public bool TryPublish(in T sample) => Untyped.TryPublish(BytesOf(sample));

    /// <summary>Publishes a sample; waits up to <paramref name="timeout"/> while a subscriber that blocks has no room.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <returns>False when the time was up; nothing was published.</returns>
    /// <inheritdoc cref="Publisher.Publish(ReadOnlySpan{byte})"/>
    public bool TryPublish(in T sample, TimeSpan timeout) => Untyped.TryPublish(BytesOf(sample), timeout);

    /// <summary>Publishes a sample; completes when there was room for it.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <inheritdoc cref="Publisher.PublishAsync(ReadOnlyMemory{byte}, CancellationToken)"/>
    public ValueTask PublishAsync(T sample, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return TryPublish(sample) ? ValueTask.CompletedTask : Untyped.PublishAsync(BytesOf(sample).ToArray(), cancellationToken);
    }

    /// <inheritdoc cref="Publisher.Dispose"/>
    public void Dispose() => Untyped.Dispose();

    private static ReadOnlySpan<byte> BytesOf(in T sample) => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in sample));
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Isthmus;

/// <summary>Receives the samples of a <see cref="Topic{T}"/>, each as a copy. Not thread-safe: one thread at a time.</summary>
/// <typeparam name="T">Of the samples.</typeparam>
public sealed class Subscriber<T> : IDisposable
    where T : unmanaged
{
    private readonly byte[] _buffer = new byte[Unsafe.SizeOf<T>()];

    internal Subscriber(Subscriber untyped) => Untyped = untyped;

    /// <summary>The same subscriber, whose samples are bytes: on loan too.</summary>
    public Subscriber Untyped { get; }

    /// <inheritdoc cref="Subscriber.Lost"/>
    public long Lost => Untyped.Lost;

    /// <inheritdoc cref="Subscriber.HasEnded"/>
    public bool HasEnded => Untyped.HasEnded;

    /// <summary>Waits for the next sample.</summary>
    /// <exception cref="EndOfStreamException">No publisher is left: see <see cref="HasEnded"/>.</exception>
    /// <exception cref="InvalidDataException">Somebody has damaged the topic's memory, or published something of another size.</exception>
    /// <exception cref="ObjectDisposedException">This or the topic is disposed, before or meanwhile.</exception>
    public T Receive() => Receive(out _);

    /// <summary>Waits for the next sample.</summary>
    /// <param name="info">What is known of it.</param>
    /// <inheritdoc cref="Receive()"/>
    public T Receive(out TopicSampleInfo info)
    {
        T sample = default;
        info = Checked(Untyped.Receive(BytesOf(ref sample)));
        return sample;
    }

    /// <summary>Gets the next sample, if there is one.</summary>
    /// <param name="sample">The sample, when true is returned.</param>
    /// <returns>False when there is none.</returns>
    /// <inheritdoc cref="Receive()"/>
    public bool TryReceive(out T sample) => TryReceive(out sample, out _);

    /// <summary>Gets the next sample, if there is one.</summary>
    /// <param name="sample">The sample, when true is returned.</param>
    /// <param name="info">What is known of it.</param>
    /// <returns>False when there is none.</returns>
    /// <inheritdoc cref="Receive()"/>
    public bool TryReceive(out T sample, out TopicSampleInfo info)
    {
        sample = default;
        return Untyped.TryReceive(BytesOf(ref sample), out info) && IsWhole(info);
    }

    /// <summary>Waits up to <paramref name="timeout"/> for the next sample.</summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="sample">The sample, when true is returned.</param>
    /// <returns>False when the time was up, or <see cref="HasEnded"/>.</returns>
    /// <inheritdoc cref="Receive()"/>
    public bool TryReceive(TimeSpan timeout, out T sample)
    {
        sample = default;
        return Untyped.TryReceive(BytesOf(ref sample), timeout, out TopicSampleInfo info) && IsWhole(info);
    }

    /// <summary>Completes with the next sample.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">Cancelled: nothing was received.</exception>
    /// <inheritdoc cref="Receive()"/>
    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    public async ValueTask<T> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        Checked(await Untyped.ReceiveAsync(_buffer, cancellationToken).ConfigureAwait(false));
        return MemoryMarshal.Read<T>(_buffer);
    }

    /// <summary>All samples as they come, until it is cancelled, or <see cref="HasEnded"/>.</summary>
    /// <param name="cancellationToken">Ends it with <see cref="OperationCanceledException"/>.</param>
    /// <inheritdoc cref="Receive()"/>
    public async IAsyncEnumerable<T> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryReceive(out T sample))
            {
                yield return sample;
            }
            else if (!await Untyped.TryWaitAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false))
            {
                yield break;
            }
        }
    }

    /// <inheritdoc cref="Subscriber.ToWaitSource"/>
    public WaitSource ToWaitSource() => Untyped.ToWaitSource();

    /// <inheritdoc cref="Subscriber.Dispose"/>
    public void Dispose() => Untyped.Dispose();

    private static Span<byte> BytesOf(ref T sample) => MemoryMarshal.AsBytes(new Span<T>(ref sample));

    // Whatever was received is whole, or throws.
    private bool IsWhole(TopicSampleInfo info) => Checked(info).Length > 0;

    private TopicSampleInfo Checked(TopicSampleInfo info) => info.Length == Unsafe.SizeOf<T>()
        ? info
        : throw new InvalidDataException($"{Untyped.Topic} has a sample of {info.Length} bytes, and {typeof(T)} has {Unsafe.SizeOf<T>()}.");
}

using System.Threading.Channels;

namespace Isthmus.Web.Feed;

/// <summary>
/// One who watches. Whoever is new, or too slow to take every frame, has missed something: he gets the whole graph next, and then differences
/// again.
/// </summary>
/// <param name="onDispose">Told when he has left.</param>
internal sealed class Subscription(Action<Subscription> onDispose) : IDisposable
{
    private const int FramesMax = 4;

    private readonly Action<Subscription> _onDispose = onDispose;
    private readonly Channel<ReadOnlyMemory<byte>> _frames =
        Channel.CreateBounded<ReadOnlyMemory<byte>>(new BoundedChannelOptions(FramesMax) { SingleReader = true });

    private bool _hasMissed = true;

    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAllAsync(CancellationToken cancellationToken) => _frames.Reader.ReadAllAsync(cancellationToken);

    /// <summary>Called by the feed, one call at a time.</summary>
    public void Offer(ReadOnlyMemory<byte> difference, Func<ReadOnlyMemory<byte>> whole) =>
        _hasMissed = !_frames.Writer.TryWrite(_hasMissed ? whole() : difference);

    public void Dispose() => _onDispose(this);
}

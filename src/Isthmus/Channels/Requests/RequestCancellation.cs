using System.Diagnostics.CodeAnalysis;
using Isthmus.Native;

namespace Isthmus;

/// <summary>Tells a server's handler that nobody waits for its reply any more.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Who was given the token may use it at any time; there is no timer to dispose of.")]
internal sealed class RequestCancellation
{
    private readonly CancellationTokenSource _cancelled = new();
    private readonly CancellationTokenSource _over = new();

    public RequestCancellation(Segment segment, int cell, ulong id) => _ = WatchAsync(segment, cell, id);

    public CancellationToken Token => _cancelled.Token;

    /// <summary>The request was answered.</summary>
    public void End() => _over.Cancel();

    private async Task WatchAsync(Segment segment, int cell, ulong id)
    {
        bool isOver = false;
        try
        {
            ReplyWatch watch = new(cell, id, null, Waiters.Bells);
            watch = await Driver.RunAsync(segment, watch, Deadline.Never, _over.Token).ConfigureAwait(false);
            isOver = !watch.Cancelled;
        }
        catch (ObjectDisposedException)
        {
            // The server has left: its clients are told, and wait no more.
        }
        if (!isOver && !_over.IsCancellationRequested)
        {
            await _cancelled.CancelAsync().ConfigureAwait(false);
        }
    }
}

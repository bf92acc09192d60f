using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Isthmus;

/// <summary>A consumer, as code that is written for <c>System.Threading.Channels</c> wants it.</summary>
internal sealed class QueueChannelReader<T>(QueueConsumer<T> consumer) : ChannelReader<T>
    where T : unmanaged
{
    // While a message is there that nobody has taken, and somebody wants to know of the end.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isWatched;

    /// <summary>Completes when there will be nothing more, whoever has read it. Nobody looks for that before this is asked for.</summary>
    public override Task Completion
    {
        get
        {
            if (Interlocked.Exchange(ref _isWatched, 1) == 0)
            {
                _ = WatchAsync();
            }
            return _completion.Task;
        }
    }

    public override bool TryRead([MaybeNullWhen(false)] out T item)
    {
        lock (_lock)
        {
            bool isRead = consumer.TryReceive(out item);
            if (consumer.Bytes.HasEnded())
            {
                _completion.TrySetResult();
            }
            return isRead;
        }
    }

    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    public override async ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default)
    {
        bool isThere = await consumer.WaitToReceiveAsync(cancellationToken).ConfigureAwait(false);
        if (!isThere)
        {
            _completion.TrySetResult();
        }
        return isThere;
    }

    // It sleeps as those who read; nobody tells it when somebody has taken the last message of all.
    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, it is told to those who await the end.")]
    private async Task WatchAsync()
    {
        try
        {
            while (await WaitToReadAsync().ConfigureAwait(false))
            {
                await Task.Delay(s_pause).ConfigureAwait(false);
            }
        }
        catch (Exception error)
        {
            _completion.TrySetException(error);
        }
    }
}

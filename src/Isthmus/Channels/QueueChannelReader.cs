using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Isthmus;

/// <summary>A consumer, as code that is written for <c>System.Threading.Channels</c> wants it.</summary>
internal sealed class QueueChannelReader<T>(QueueConsumer<T> consumer) : ChannelReader<T>
    where T : unmanaged
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a reader has found that there will be nothing more.</summary>
    public override Task Completion => _completion.Task;

    public override bool TryRead([MaybeNullWhen(false)] out T item)
    {
        lock (_lock)
        {
            return consumer.TryReceive(out item);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default)
    {
        bool isThere = await consumer.WaitToReceiveAsync(cancellationToken).ConfigureAwait(false);
        if (!isThere)
        {
            _completion.TrySetResult();
        }
        return isThere;
    }
}

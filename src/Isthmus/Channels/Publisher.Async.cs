using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <content>What is awaited.</content>
public sealed partial class Publisher
{
    /// <summary>Publishes a copy of a sample; completes when there was room for it.</summary>
    /// <param name="sample">Its bytes, which must not change before that.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">Cancelled: nothing was published.</exception>
    /// <inheritdoc cref="Publish"/>
    public ValueTask PublishAsync(ReadOnlyMemory<byte> sample, CancellationToken cancellationToken = default)
    {
        Begin(sample.Length);
        cancellationToken.ThrowIfCancellationRequested();
        if (!_writer.IsReady && !Prepare(Waiters.None, Deadline.Never))
        {
            return PublishLaterAsync(sample, cancellationToken);
        }
        Write(sample.Span);
        return ValueTask.CompletedTask;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask PublishLaterAsync(ReadOnlyMemory<byte> sample, CancellationToken cancellationToken)
    {
        _state = Waiting;
        bool isReady;
        try
        {
            TopicReserve reserve = new(_layout, Index, _writer, Waiters.Bells);
            isReady = Use(await Driver.RunAsync(_segment, reserve, Deadline.Never, cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            _state = _state == Waiting ? Idle : _state;
        }
        if (!isReady)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        Begin(sample.Length);
        Write(sample.Span);
    }
}

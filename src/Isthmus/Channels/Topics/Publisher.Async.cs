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

    [AsyncMethodBuilder(typeof(PooledMethodBuilder))]
    private async ValueTask PublishLaterAsync(ReadOnlyMemory<byte> sample, CancellationToken cancellationToken)
    {
        Interlocked.CompareExchange(ref _state, Waiting, Idle);
        _use.Enter();
        try
        {
            UntilDisposed<TopicReserve> wait = _use.Until(new TopicReserve(_layout, Index, _writer, Waiters.Bells));
            wait = await Driver.RunAsync(_segment, wait, Deadline.Never, cancellationToken).ConfigureAwait(false);
            ObjectDisposedException.ThrowIf(_use.IsDisposed, this);
            bool isReady = Use(wait.Operation);
            Interlocked.CompareExchange(ref _state, Idle, Waiting);
            if (!isReady)
            {
                throw new OperationCanceledException(cancellationToken);
            }
            Begin(sample.Length);
            Write(sample.Span);
        }
        finally
        {
            Interlocked.CompareExchange(ref _state, Idle, Waiting);
            LeaveWait();
        }
    }
}

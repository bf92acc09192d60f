using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <content>To read.</content>
public sealed partial class SharedReaderWriterLock
{
    /// <summary>Enters to read; waits while somebody writes, or waits to write.</summary>
    /// <exception cref="PosixException">
    /// <c>ENOTRECOVERABLE</c>: a writer died in it, and one that was told left without declaring the data consistent;
    /// <c>EAGAIN</c>: this attachment is in it 32,767 times to read, or waits for that.
    /// </exception>
    /// <exception cref="ObjectDisposedException">It is disposed, before or meanwhile.</exception>
    public SharedReaderWriterScope EnterRead()
    {
        _ = TryEnterRead(Waiters.Sleepers, Deadline.Never, out SharedReaderWriterScope scope);
        return scope;
    }

    /// <summary>Enters to read, unless somebody writes or waits to write.</summary>
    /// <inheritdoc cref="EnterRead"/>
    public bool TryEnterRead(out SharedReaderWriterScope scope) => TryEnterRead(Waiters.None, Deadline.Never, out scope);

    /// <summary>
    /// Enters to read; waits up to <paramref name="timeout"/> while somebody writes or waits to write.
    /// </summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="scope">The entry, when true is returned.</param>
    /// <inheritdoc cref="EnterRead"/>
    public bool TryEnterRead(TimeSpan timeout, out SharedReaderWriterScope scope) =>
        TryEnterRead(Waiters.Sleepers, Deadline.After(timeout), out scope);

    /// <summary>Enters to read; completes when it has.</summary>
    /// <exception cref="OperationCanceledException">Cancelled: it was not entered.</exception>
    /// <inheritdoc cref="EnterRead"/>
    public async ValueTask<SharedReaderWriterScope> EnterReadAsync(CancellationToken cancellationToken = default) =>
        await TryEnterReadAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false) ?? default;

    /// <summary>Enters to read; null after <paramref name="timeout"/>.</summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <inheritdoc cref="EnterReadAsync"/>
    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    public async ValueTask<SharedReaderWriterScope?> TryEnterReadAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Deadline deadline = Deadline.After(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        ReaderWriterEnterRead enter = new(Segment.Slot, Waiters.Bells);
        enter = await Driver.RunAsync(Segment, enter, deadline, cancellationToken).ConfigureAwait(false);
        if (TryScope(enter.Outcome, SharedReaderWriterMode.Read, 0, out SharedReaderWriterScope scope))
        {
            return scope;
        }
        cancellationToken.ThrowIfCancellationRequested();
        return null;
    }

    /// <summary>Entering to read as one of several things to wait for.</summary>
    public WaitSource<SharedReaderWriterScope> ToReadWaitSource() => new SharedWaitSource<ReaderWriterEnterRead, SharedReaderWriterScope>(
        Segment,
        () => new ReaderWriterEnterRead(Segment.Slot, Waiters.Bells),
        (ReaderWriterEnterRead enter, out SharedReaderWriterScope scope) => TryScope(enter.Outcome, SharedReaderWriterMode.Read, 0, out scope),
        static scope => scope.Dispose());

    private bool TryEnterRead(Waiters waiters, Deadline deadline, out SharedReaderWriterScope scope)
    {
        ReaderWriterEnterRead enter = new(Segment.Slot, waiters);
        Driver.Block(Segment, ref enter, deadline);
        return TryScope(enter.Outcome, SharedReaderWriterMode.Read, 0, out scope);
    }
}

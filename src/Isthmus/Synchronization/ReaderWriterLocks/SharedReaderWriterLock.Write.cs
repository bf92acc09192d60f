using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <content>To write.</content>
public sealed partial class SharedReaderWriterLock
{
    /// <summary>Enters to write; waits while others are in it.</summary>
    /// <exception cref="PosixException">
    /// <c>ENOTRECOVERABLE</c>: a writer died in it, and one that was told left without declaring the data consistent.
    /// </exception>
    /// <exception cref="ObjectDisposedException">It is disposed, before or meanwhile.</exception>
    public SharedReaderWriterScope EnterWrite()
    {
        _ = TryEnter(SharedReaderWriterMode.Write, Waiters.Sleepers, Deadline.Never, out SharedReaderWriterScope scope);
        return scope;
    }

    /// <summary>Enters to write, unless others are in it, or readers come first that have waited.</summary>
    /// <inheritdoc cref="EnterWrite"/>
    public bool TryEnterWrite(out SharedReaderWriterScope scope) => TryEnter(SharedReaderWriterMode.Write, Waiters.None, Deadline.Never, out scope);

    /// <summary>Enters to write; waits up to <paramref name="timeout"/> while others are in it.</summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="scope">The entry, when true is returned.</param>
    /// <inheritdoc cref="EnterWrite"/>
    public bool TryEnterWrite(TimeSpan timeout, out SharedReaderWriterScope scope) =>
        TryEnter(SharedReaderWriterMode.Write, Waiters.Sleepers, Deadline.After(timeout), out scope);

    /// <summary>Enters to write; completes when it has.</summary>
    /// <exception cref="OperationCanceledException">Cancelled: it was not entered.</exception>
    /// <inheritdoc cref="EnterWrite"/>
    public async ValueTask<SharedReaderWriterScope> EnterWriteAsync(CancellationToken cancellationToken = default) =>
        await TryEnterWriteAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false) ?? default;

    /// <summary>Enters to write; null after <paramref name="timeout"/>.</summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <inheritdoc cref="EnterWriteAsync"/>
    public ValueTask<SharedReaderWriterScope?> TryEnterWriteAsync(TimeSpan timeout, CancellationToken cancellationToken = default) =>
        TryEnterAsync(SharedReaderWriterMode.Write, timeout, cancellationToken);

    /// <summary>Entering to write as one of several things to wait for.</summary>
    public WaitSource<SharedReaderWriterScope> ToWriteWaitSource() => ToWaitSource(SharedReaderWriterMode.Write);

    private ReaderWriterEnter Begin(SharedReaderWriterMode mode, Waiters waiters) =>
        new(Segment.Slot, waiters, writes: mode == SharedReaderWriterMode.Write);

    private bool TryEnter(SharedReaderWriterMode mode, Waiters waiters, Deadline deadline, out SharedReaderWriterScope scope)
    {
        ReaderWriterEnter enter = Begin(mode, waiters);
        Driver.Block(Segment, ref enter, deadline);
        return TryScope(enter.Outcome, mode, enter.Owned, out scope);
    }

    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    private async ValueTask<SharedReaderWriterScope?> TryEnterAsync(
        SharedReaderWriterMode mode, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Deadline deadline = Deadline.After(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        ReaderWriterEnter enter = await Driver.RunAsync(Segment, Begin(mode, Waiters.Bells), deadline, cancellationToken).ConfigureAwait(false);
        if (TryScope(enter.Outcome, mode, enter.Owned, out SharedReaderWriterScope scope))
        {
            return scope;
        }
        cancellationToken.ThrowIfCancellationRequested();
        return null;
    }

    private SharedWaitSource<ReaderWriterEnter, SharedReaderWriterScope> ToWaitSource(SharedReaderWriterMode mode) => new(
        Segment,
        () => Begin(mode, Waiters.Bells),
        (ReaderWriterEnter enter, out SharedReaderWriterScope scope) => TryScope(enter.Outcome, mode, enter.Owned, out scope),
        static scope => scope.Dispose());
}

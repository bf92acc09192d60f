using Isthmus.Native;

namespace Isthmus;

/// <content>To read, and perhaps to write.</content>
public sealed partial class SharedReaderWriterLock
{
    /// <summary>Enters to read and perhaps to write; waits while somebody is in it to write or to upgrade.</summary>
    /// <exception cref="PosixException">
    /// <c>ENOTRECOVERABLE</c>: a writer died in it, and one that was told left without declaring the data consistent.
    /// </exception>
    /// <exception cref="ObjectDisposedException">It is disposed, before or meanwhile.</exception>
    public SharedReaderWriterScope EnterUpgradeableRead()
    {
        _ = TryEnter(SharedReaderWriterMode.UpgradeableRead, Waiters.Sleepers, Deadline.Never, out SharedReaderWriterScope scope);
        return scope;
    }

    /// <summary>Enters to read and perhaps to write, unless somebody is in it to write or to upgrade.</summary>
    /// <inheritdoc cref="EnterUpgradeableRead"/>
    public bool TryEnterUpgradeableRead(out SharedReaderWriterScope scope) =>
        TryEnter(SharedReaderWriterMode.UpgradeableRead, Waiters.None, Deadline.Never, out scope);

    /// <summary>
    /// Enters to read and perhaps to write; waits up to <paramref name="timeout"/> while somebody is in it to write or
    /// to upgrade.
    /// </summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="scope">The entry, when true is returned.</param>
    /// <inheritdoc cref="EnterUpgradeableRead"/>
    public bool TryEnterUpgradeableRead(TimeSpan timeout, out SharedReaderWriterScope scope) =>
        TryEnter(SharedReaderWriterMode.UpgradeableRead, Waiters.Sleepers, Deadline.After(timeout), out scope);

    /// <summary>Enters to read and perhaps to write; completes when it has.</summary>
    /// <exception cref="OperationCanceledException">Cancelled: it was not entered.</exception>
    /// <inheritdoc cref="EnterUpgradeableRead"/>
    public async ValueTask<SharedReaderWriterScope> EnterUpgradeableReadAsync(CancellationToken cancellationToken = default) =>
        await TryEnterUpgradeableReadAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false) ?? default;

    /// <summary>Enters to read and perhaps to write; null after <paramref name="timeout"/>.</summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <inheritdoc cref="EnterUpgradeableReadAsync"/>
    public ValueTask<SharedReaderWriterScope?> TryEnterUpgradeableReadAsync(TimeSpan timeout, CancellationToken cancellationToken = default) =>
        TryEnterAsync(SharedReaderWriterMode.UpgradeableRead, timeout, cancellationToken);

    /// <summary>Entering to read and perhaps to write as one of several things to wait for.</summary>
    public WaitSource<SharedReaderWriterScope> ToUpgradeableReadWaitSource() => ToWaitSource(SharedReaderWriterMode.UpgradeableRead);
}

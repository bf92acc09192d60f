namespace Isthmus;

/// <summary>
/// One entry into a <see cref="SharedReaderWriterLock"/>; disposing it leaves the lock. Any thread may do so; a second
/// time does nothing.
/// </summary>
/// <remarks>One thread at a time uses a scope. Copies are the same entry.</remarks>
public readonly struct SharedReaderWriterScope : IDisposable, IEquatable<SharedReaderWriterScope>
{
    private readonly ReaderWriterHold? _hold;
    private readonly int _version;

    internal SharedReaderWriterScope(ReaderWriterHold hold, int version) => (_hold, _version) = (hold, version);

    /// <summary>How it is in the lock; <see cref="SharedReaderWriterMode.None"/> when it was disposed.</summary>
    public SharedReaderWriterMode Mode => _hold?.ModeOf(_version) ?? SharedReaderWriterMode.None;

    /// <summary>
    /// Whether a writer died in the lock, and nobody has declared the data consistent since: what it protects may be
    /// half changed. A writer looks, repairs, then calls <see cref="DeclareConsistent"/>; one that leaves without it
    /// makes the lock unusable for all.
    /// </summary>
    public bool IsAbandoned => _hold?.IsAbandoned(_version) ?? false;

    /// <summary>Whether they are the same entry.</summary>
    public static bool operator ==(SharedReaderWriterScope left, SharedReaderWriterScope right) => left.Equals(right);

    /// <summary>Whether they are different entries.</summary>
    public static bool operator !=(SharedReaderWriterScope left, SharedReaderWriterScope right) => !left.Equals(right);

    /// <summary>Turns an upgradeable reader into the writer; waits while others read.</summary>
    /// <exception cref="InvalidOperationException">
    /// It is not an upgradeable reader. (Two readers that both wanted to become the writer would wait for each other:
    /// enter by
    /// <see cref="SharedReaderWriterLock.EnterUpgradeableRead"/>.)
    /// </exception>
    /// <exception cref="ObjectDisposedException">The lock is disposed, before or meanwhile.</exception>
    /// <exception cref="InvalidDataException">Somebody has written garbage to the lock.</exception>
    public void Upgrade() => Hold.Upgrade(_version);

    /// <summary>Turns an upgradeable reader into the writer, unless others read.</summary>
    /// <returns>False: it is an upgradeable reader still.</returns>
    /// <inheritdoc cref="Upgrade"/>
    public bool TryUpgrade() => Hold.TryUpgrade(_version, Waiters.None, Timeout.InfiniteTimeSpan);

    /// <summary>
    /// Turns an upgradeable reader into the writer; waits up to <paramref name="timeout"/> while others read.
    /// </summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <returns>False: it is an upgradeable reader still.</returns>
    /// <inheritdoc cref="Upgrade"/>
    public bool TryUpgrade(TimeSpan timeout) => Hold.TryUpgrade(_version, Waiters.Sleepers, timeout);

    /// <summary>Turns an upgradeable reader into the writer; completes when it has.</summary>
    /// <exception cref="OperationCanceledException">Cancelled: it is an upgradeable reader still.</exception>
    /// <inheritdoc cref="Upgrade"/>
    public async ValueTask UpgradeAsync(CancellationToken cancellationToken = default) =>
        await Hold.UpgradeAsync(_version, cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Turns an upgradeable reader into the writer; completes when it has, or after <paramref name="timeout"/>.
    /// </summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False: it is an upgradeable reader still.</returns>
    /// <inheritdoc cref="UpgradeAsync"/>
    public ValueTask<bool> TryUpgradeAsync(TimeSpan timeout, CancellationToken cancellationToken = default) =>
        Hold.TryUpgradeAsync(_version, timeout, cancellationToken);

    /// <summary>
    /// Turns the writer into an upgradeable reader: others read what it wrote, and nobody writes before it does again.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// It is not the writer; or a writer died before it, and it has not declared the data consistent.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The lock is disposed.</exception>
    public void Downgrade() => Hold.Downgrade(_version);

    /// <summary>Turns the writer, or an upgradeable reader, into a reader. Nobody writes in between.</summary>
    /// <exception cref="InvalidOperationException">
    /// It is neither; or a writer died before it, and it has not declared the data consistent.
    /// </exception>
    /// <exception cref="PosixException"><c>EAGAIN</c>: this attachment has 32,767 readers.</exception>
    /// <exception cref="ObjectDisposedException">The lock is disposed.</exception>
    public void DowngradeToRead() => Hold.DowngradeToRead(_version);

    /// <summary>What the lock protects is whole: those who come next are told nothing.</summary>
    /// <exception cref="InvalidOperationException">It is not the writer.</exception>
    /// <exception cref="ObjectDisposedException">The lock is disposed.</exception>
    public void DeclareConsistent() => Hold.DeclareConsistent(_version);

    /// <summary>Leaves the lock; when it is being upgraded just now, after that.</summary>
    public void Dispose() => _hold?.End(_version);

    /// <inheritdoc/>
    public bool Equals(SharedReaderWriterScope other) => _hold == other._hold && _version == other._version;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SharedReaderWriterScope other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_hold, _version);

    private ReaderWriterHold Hold => _hold ?? throw new InvalidOperationException("This scope is in no lock.");
}

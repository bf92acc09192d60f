using System.Runtime.CompilerServices;

namespace Isthmus;

/// <summary>
/// One entry into a <see cref="SharedMutex"/>; disposing it leaves the mutex. Any thread may do so, and a second time does nothing, but for a
/// recursive one.
/// </summary>
public readonly struct SharedMutexScope : IDisposable, IEquatable<SharedMutexScope>
{
    private readonly SharedMutex? _mutex;

    internal SharedMutexScope(SharedMutex mutex, ulong owned, int depth) => (_mutex, Owned, Depth) = (mutex, owned, depth);

    /// <summary>
    /// Whether an owner died in the mutex, and nobody has declared the data consistent since: what it protects may be half changed. Look, repair,
    /// then call
    /// <see cref="DeclareConsistent"/>; leaving without it makes the mutex unusable for all.
    /// </summary>
    public bool IsAbandoned => (Owned & MutexWord.Abandoned) != 0;

    /// <summary>Of which mutex; null of a default scope.</summary>
    internal SharedMutex? Mutex => _mutex;

    internal ulong Owned { get; }

    internal int Depth { get; }

    /// <summary>Whether they are the same entry.</summary>
    public static bool operator ==(SharedMutexScope left, SharedMutexScope right) => left.Equals(right);

    /// <summary>Whether they are different entries.</summary>
    public static bool operator !=(SharedMutexScope left, SharedMutexScope right) => !left.Equals(right);

    /// <summary>What the mutex protects is whole: the next owner is told nothing.</summary>
    /// <exception cref="ObjectDisposedException">The mutex is disposed.</exception>
    public void DeclareConsistent() => _mutex?.DeclareConsistent(Owned);

    /// <summary>Leaves the mutex.</summary>
    /// <exception cref="SynchronizationLockException">Of a recursive mutex: an inner scope is still open, or another thread entered.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Dispose() => _mutex?.Exit(this);

    /// <inheritdoc/>
    public bool Equals(SharedMutexScope other) => _mutex == other._mutex && Owned == other.Owned && Depth == other.Depth;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SharedMutexScope other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_mutex, Owned, Depth);
}

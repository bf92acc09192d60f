namespace Isthmus;

/// <summary>A lock that is held until the end of a <c>using</c>; made by <see cref="FileLock.Enter"/>. Dispose it once.</summary>
public readonly record struct FileLockScope : IDisposable
{
    private readonly FileLock? _lock;

    internal FileLockScope(FileLock held) => _lock = held;

    /// <summary>Releases the lock.</summary>
    public void Dispose() => _lock?.Release();
}

namespace Isthmus;

/// <summary>One permit of a <see cref="SharedSemaphore"/>; disposing it releases it, once.</summary>
/// <remarks>A permit has no name, so a copy of this is not known as one: to dispose both releases two permits. Do not copy it.</remarks>
public ref struct SharedSemaphoreScope
{
    private SharedSemaphore? _semaphore;

    internal SharedSemaphoreScope(SharedSemaphore semaphore) => _semaphore = semaphore;

    /// <summary>Releases the permit; a second time does nothing.</summary>
    /// <exception cref="SemaphoreFullException">Somebody has released more than was acquired.</exception>
    /// <exception cref="SynchronizationLockException">Of an owner-tracked one: the permit was released otherwise.</exception>
    /// <exception cref="ObjectDisposedException">The semaphore is disposed.</exception>
    public void Dispose()
    {
        SharedSemaphore? semaphore = _semaphore;
        _semaphore = null;
        semaphore?.Release();
    }
}

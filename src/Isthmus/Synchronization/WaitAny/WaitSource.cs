using System.Runtime.InteropServices;

namespace Isthmus;

/// <summary>
/// One of the things that <see cref="WaitAny"/> can wait for: an operation on a shared object (its <c>ToWaitSource()</c>), or a descriptor that
/// becomes
/// readable. It serves one wait at a time, and may be used again afterwards. Not thread-safe.
/// </summary>
public abstract class WaitSource
{
    private protected WaitSource()
    {
    }

    /// <summary>
    /// Waits until a descriptor is readable: data, a message, a connection, an expired timer, end of file. Nothing is read. (<c>poll(2)</c>)
    /// </summary>
    /// <param name="handle">It stays the caller's.</param>
    public static WaitSource Readable(SafeHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return new DescriptorWaitSource(handle);
    }

    /// <summary>Begins; true when there was nothing to wait for.</summary>
    /// <param name="chances">Released each time that it is worth looking again.</param>
    internal abstract bool Begin(SemaphoreSlim chances);

    /// <summary>Looks again; true when it has happened, and nothing more is waited for.</summary>
    internal abstract bool TryFinish();

    /// <summary>Ends the wait because another source was first; what was taken nevertheless is given back.</summary>
    internal abstract void GiveUp();
}

namespace Isthmus;

/// <summary>How a System V semaphore set that exists is opened.</summary>
public sealed record SystemVSemaphoreSetOpenOptions
{
    /// <summary>
    /// Accept a set that another user owns or has made. Without it only one's own and root's are opened: the keys belong to all users, and
    /// somebody else could have taken this one first.
    /// </summary>
    public bool AnyOwner { get; init; }

    /// <summary>
    /// Accept a set on which nobody has operated yet. A set is made first and gets its values later, and its first operation tells that it
    /// has them: <see cref="SystemVSemaphoreSet.Create"/> does one, but <c>ipcmk</c>, Python's <c>sysv_ipc</c> and many programs do none.
    /// </summary>
    public bool AcceptUninitialized { get; init; }

    /// <summary>How long to wait for the first operation; a second, unless said otherwise.</summary>
    public TimeSpan InitializationTimeout
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, nameof(InitializationTimeout));
            field = value;
        }
    }
    = TimeSpan.FromSeconds(1);
}

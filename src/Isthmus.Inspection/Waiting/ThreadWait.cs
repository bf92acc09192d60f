namespace Isthmus.Inspection;

/// <summary>Where a thread waits, as far as the kernel tells from outside.</summary>
public sealed record ThreadWait
{
    internal static ThreadWait None { get; } = new() { Kind = WaitKind.None };

    /// <summary>What it waits for.</summary>
    public required WaitKind Kind { get; init; }

    /// <summary>The system call it is in: <c>read</c>, <c>futex</c>; null when it is in none, or may not be looked at.</summary>
    public string? Call { get; init; }

    /// <summary>The place in the kernel where it sleeps (<c>/proc/PID/wchan</c>); null when it is not told.</summary>
    public string? Channel { get; init; }

    /// <summary>What would end the wait, any one of them; empty when it cannot be told.</summary>
    public IReadOnlyList<WaitTarget> Targets { get; init; } = [];

    /// <summary>Something that is not among <see cref="Targets"/> may end it, too: a descriptor that could not be followed.</summary>
    public bool IsIncomplete { get; init; }

    /// <summary>The wait ends by itself some time.</summary>
    public bool HasTimeout { get; init; }

    /// <summary>The thread that owns the mutex, or that is to end.</summary>
    public int? OwnerThreadId { get; init; }

    /// <summary>That thread ended and left the mutex locked: nobody will unlock it.</summary>
    public bool HasOwnerEnded { get; init; }

    /// <summary>
    /// Who changed the System V semaphore last, or has sent to (received from) the System V queue last: no owner, as there is none, but whom one asks
    /// first. Null when nobody has yet, or when it is not told.
    /// </summary>
    public int? LastProcessId { get; init; }

    /// <summary>The lock it asks for.</summary>
    public FileLockMode? LockMode { get; init; }

    /// <summary>The bytes it wants to lock; null when that could not be read.</summary>
    public FileLockRange? LockRange { get; init; }

    /// <summary>The name it opens or connects to.</summary>
    public string? Name { get; init; }
}

namespace Isthmus;

/// <summary>How shared memory that exists is opened.</summary>
public record MemoryOpenOptions
{
    /// <summary>How it is mapped.</summary>
    public MemoryAccess Access { get; init; }

    /// <summary>
    /// Accept an object that another user owns. Without it only one's own and root's are opened: somebody else could have made one
    /// under the name or key, and could truncate it under our feet.
    /// </summary>
    public bool AnyOwner { get; init; }
}

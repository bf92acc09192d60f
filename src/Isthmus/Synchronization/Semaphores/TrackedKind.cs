namespace Isthmus;

/// <summary>What an operation on an owner-tracked semaphore does.</summary>
internal enum TrackedKind
{
    /// <summary>Its doer holds one permit more.</summary>
    Acquire,

    /// <summary>Its doer holds one less.</summary>
    Release,

    /// <summary>Its doer is dead and holds none.</summary>
    ReturnAll,
}

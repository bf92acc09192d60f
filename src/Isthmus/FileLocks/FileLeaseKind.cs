namespace Isthmus;

/// <summary>What a lease protects from.</summary>
public enum FileLeaseKind
{
    /// <summary>
    /// From opens for writing, and truncation. Its descriptor must be for reading only, and nobody may have the file open for
    /// writing.
    /// </summary>
    Read,

    /// <summary>From every open. Nobody else may have the file open.</summary>
    Write,
}

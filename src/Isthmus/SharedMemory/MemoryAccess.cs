namespace Isthmus;

/// <summary>How memory is mapped.</summary>
public enum MemoryAccess
{
    /// <summary>What is written here, everybody sees.</summary>
    ReadWrite,

    /// <summary>For reading. It binds this process: another may still write.</summary>
    Read,

    /// <summary>
    /// What is written here nobody else sees: the page is copied then (<c>MAP_PRIVATE</c>). Pages that were not written yet may
    /// show what others write. It needs the permission to read only; System V memory does not have it.
    /// </summary>
    CopyOnWrite,
}

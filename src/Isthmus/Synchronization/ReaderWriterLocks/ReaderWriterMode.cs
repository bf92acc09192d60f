namespace Isthmus;

/// <summary>What the owner of a reader-writer lock's owner word is about.</summary>
internal enum ReaderWriterMode
{
    /// <summary>There is none.</summary>
    Free,

    /// <summary>It may become the writer; readers come and go.</summary>
    Upgradeable,

    /// <summary>It waits for the readers that are inside to leave; no more enter.</summary>
    Pending,

    /// <summary>It is alone inside.</summary>
    Writing,
}

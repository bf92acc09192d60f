namespace Isthmus;

/// <summary>How somebody is in a <see cref="SharedReaderWriterLock"/>.</summary>
public enum SharedReaderWriterMode
{
    /// <summary>Not at all; any more.</summary>
    None,

    /// <summary>Reads, with other readers.</summary>
    Read,

    /// <summary>Reads, with other readers, and is the only one that may become the writer.</summary>
    UpgradeableRead,

    /// <summary>Writes, alone.</summary>
    Write,
}

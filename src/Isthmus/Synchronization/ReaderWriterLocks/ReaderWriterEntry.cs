namespace Isthmus;

/// <summary>What an attempt to enter a reader-writer lock came to.</summary>
internal enum ReaderWriterEntry
{
    /// <summary>Others keep us out.</summary>
    Busy,

    /// <summary>Entered.</summary>
    Entered,

    /// <summary>Entered; a writer died in it.</summary>
    Abandoned,

    /// <summary>Nobody can enter any more.</summary>
    Unusable,

    /// <summary>Our participant has as many readers as its word can count.</summary>
    Full,
}

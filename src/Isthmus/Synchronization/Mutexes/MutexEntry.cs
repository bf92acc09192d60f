namespace Isthmus;

/// <summary>What an attempt to enter a mutex came to.</summary>
internal enum MutexEntry
{
    /// <summary>Another owns it.</summary>
    Busy,

    /// <summary>Entered.</summary>
    Entered,

    /// <summary>Entered; an earlier owner died in it.</summary>
    Abandoned,

    /// <summary>Nobody can enter any more.</summary>
    Unusable,

    /// <summary>As many wait for a fair one as its queue can count.</summary>
    Full,
}

namespace Isthmus.Tests.Explorer;

/// <summary>What may be wrong in the agreement on fences.</summary>
internal enum FenceFault
{
    None,

    /// <summary>Who publishes does not fence, whatever the word says.</summary>
    PublisherNeverFences,

    /// <summary>A sleeper does not fence for all when fences are asked for, and not in force yet.</summary>
    AskedIsEnough,

    /// <summary>A sleeper looks at the word before it leaves its flag.</summary>
    SleeperLooksAtFencesFirst,

    /// <summary>An asking cannot be told from an earlier one.</summary>
    HasNoVersion,
}

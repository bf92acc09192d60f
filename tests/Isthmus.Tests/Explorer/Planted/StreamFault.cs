namespace Isthmus.Tests.Explorer;

/// <summary>What is wrong with the wait or the recovery of a stream.</summary>
internal enum StreamFault
{
    None,

    /// <summary>Comes to the end without a last look at the position of the one who is gone.</summary>
    LooksNoLastTime,

    /// <summary>Does not look at the position again after it left its flag.</summary>
    LooksNotAgain,

    /// <summary>Does not look whether the other end is gone after it left its flag.</summary>
    LooksForTheEndFirst,

    /// <summary>Wakes, but leaves the word as it was.</summary>
    RaisesNothing,

    /// <summary>Wakes those only who have left a flag.</summary>
    WakesTheFlaggedOnly,

    /// <summary>Thinks that it is done when another has said already that the end died.</summary>
    LeavesItToOthers,
}

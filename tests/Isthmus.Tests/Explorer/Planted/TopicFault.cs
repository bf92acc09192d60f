namespace Isthmus.Tests.Explorer;

/// <summary>What can be wrong with a topic.</summary>
internal enum TopicFault
{
    None,

    /// <summary>A subscriber pins without a fence.</summary>
    PinsUnfenced,

    /// <summary>A publisher claims without a fence.</summary>
    ClaimsUnfenced,

    /// <summary>A subscriber does not look whether its sample is gone.</summary>
    IgnoresTheClaim,

    /// <summary>A publisher does not look whether a sample is pinned.</summary>
    IgnoresPins,

    /// <summary>A publisher does not look how far those have come that block.</summary>
    IgnoresCursors,

    /// <summary>A subscriber that blocks goes on before it pins.</summary>
    GoesOnBeforeItPins,

    /// <summary>One that waits does not fence for those who publish by plain stores.</summary>
    SleepsUnfenced,

    /// <summary>Nobody is woken for what is published or left.</summary>
    WakesNobody,

    /// <summary>A survivor does not wake those whom the dead one would have woken.</summary>
    RecoversInSilence,

    /// <summary>A survivor does not ask whether the other is dead.</summary>
    RecoversWithoutProof,

    /// <summary>A survivor does not compare what it frees.</summary>
    RecoversByStore,

    /// <summary>The next publisher begins to count anew.</summary>
    NumbersAnew,

    /// <summary>A subscriber that blocks looks where it begins before it holds the publishers.</summary>
    LooksBeforeItHolds,

    /// <summary>A sample is published before its number stands.</summary>
    NumbersLate,
}

namespace Isthmus.Tests.Explorer;

/// <summary>A bug that is planted in any operation, by what becomes of its effects.</summary>
internal enum SeamFault
{
    /// <summary>Wakes nobody.</summary>
    DropsWakes,

    /// <summary>Takes everybody for dead.</summary>
    TrustsNoProof,

    /// <summary>Changes words without comparing them.</summary>
    StoresInstead,

    /// <summary>Never stores a 0.</summary>
    StoresNoZero,

    /// <summary>Does not say that it waits.</summary>
    WaitsUnannounced,

    /// <summary>Does not fence for those who publish by plain stores.</summary>
    SleepsUnfenced,

    /// <summary>Looks at a word that all share once, and believes that it stays so.</summary>
    LooksOnce,

    /// <summary>Does not see readers that are inside.</summary>
    OverlooksReaders,

    /// <summary>Does not see readers that want to be inside.</summary>
    OverlooksThoseWhoWant,

    /// <summary>Does not raise the version of a barrier.</summary>
    RaisesNoVersion,

    /// <summary>Takes the sleepers' flag out of a queue's signal, whoever has left it anew.</summary>
    ClearsBlindly,

    /// <summary>Does not count the deaths in a slot.</summary>
    HasNoGeneration,
}

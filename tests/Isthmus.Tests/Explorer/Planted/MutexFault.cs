namespace Isthmus.Tests.Explorer;

/// <summary>A bug planted in the mutex, which the explorer must find.</summary>
internal enum MutexFault
{
    None,

    // Entering.

    /// <summary>A wake is taken for the grant.</summary>
    TakesAWakeForTheGrant,

    /// <summary>A free word is taken with a store.</summary>
    EntersByStore,

    /// <summary>Who was woken does not leave the flag for those who sleep still.</summary>
    DoesNotMarkAgain,

    /// <summary>Sleeps without having left a flag.</summary>
    SleepsUnannounced,

    /// <summary>Leaves the flag with a store.</summary>
    MarksByStore,

    /// <summary>Who gives up keeps a wake that was meant for it.</summary>
    KeepsTheWake,

    /// <summary>The first who is told takes the word from the others.</summary>
    TellsTheFirstOnly,

    /// <summary>Enters what nobody may enter any more.</summary>
    IgnoresUnusable,

    // Leaving.

    /// <summary>Wakes, then leaves.</summary>
    WakesFirst,

    /// <summary>Leaves without a wake.</summary>
    DoesNotWake,

    /// <summary>Leaves with a store, which loses who came to wait meanwhile.</summary>
    LeavesByStore,

    /// <summary>Who has left already throws the next owner out.</summary>
    ThrowsTheNextOut,

    /// <summary>Of those who wait for what nobody enters any more only one hears of it.</summary>
    TellsOneOfUnusable,

    /// <summary>Leaves and wakes in one step: no death in between could be tried.</summary>
    HasTwoEffects,

    /// <summary>Uses a word that does not belong to it.</summary>
    TouchesAnotherWord,

    // Recovering.

    /// <summary>Takes it from the living.</summary>
    RecoversWithoutProof,

    /// <summary>Asks for the proof before it reads who owns it.</summary>
    ProvesFirst,

    /// <summary>Repairs with a store.</summary>
    RecoversByStore,

    /// <summary>Repairs and lets them sleep.</summary>
    RecoversWithoutWake,

    /// <summary>Wakes only if it had something to repair.</summary>
    WakesAfterRepairOnly,

    /// <summary>Takes it from the dead, and tells nobody.</summary>
    RecoversInSilence,

    /// <summary>Takes it from whoever has it.</summary>
    RecoversFromAnybody,

    /// <summary>Tries again and again to change what has changed.</summary>
    RecoversForEver,

    // Both.

    /// <summary>An entry does not raise the generation, nor does a recovery: the same word can come again.</summary>
    HasNoGeneration,
}

namespace Isthmus.Tests.Explorer;

/// <summary>What is wrong with a gate or a change.</summary>
internal enum WordFault
{
    None,

    // Gates.
    ForgetsThatThereIsMore,
    KeepsTheWake,
    SeesOnlyWhatIs,
    PassesWithoutTaking,

    // Changes.
    WakesNobody,
    WakesOne,
    TakesTheFlagsOut,
}

namespace Isthmus.Tests.Explorer;

/// <summary>What a <see cref="Rogue"/> does.</summary>
internal enum RogueDeed
{
    Throws,
    TouchesTwice,
    TouchesWhatIsNotThere,
    AsksForNobody,
    RunsForEver,

    /// <summary>For what never comes.</summary>
    Waits,

    /// <summary>The same, after its wait was ended too.</summary>
    WaitsThoughWithdrawn,
}

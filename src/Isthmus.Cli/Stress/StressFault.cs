namespace Isthmus.Cli.Stress;

/// <summary>What a test asks the processes of a run to do wrong, to show that each check can fail.</summary>
internal enum StressFault
{
    None,

    /// <summary>They go in without waiting.</summary>
    NoExclusion,

    /// <summary>They do not hear that an owner has died.</summary>
    NotTold,

    /// <summary>They hear that an owner has died when none has.</summary>
    ToldFalsely,

    /// <summary>One takes back what another has counted.</summary>
    LostUpdate,

    /// <summary>One keeps what it holds, and lives.</summary>
    Stuck,

    /// <summary>One ends by itself.</summary>
    EndsItself,

    /// <summary>What is to be given back is not.</summary>
    LostCapacity,

    /// <summary>What was not given is taken.</summary>
    FromNothing,

    /// <summary>Who waits is not woken.</summary>
    NoWake,
}

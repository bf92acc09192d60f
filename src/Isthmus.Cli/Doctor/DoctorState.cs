namespace Isthmus.Cli.Doctor;

/// <summary>How well the machine does in one respect.</summary>
internal enum DoctorState
{
    /// <summary>Everything works that depends on it.</summary>
    Ok,

    /// <summary>It works within a limit that one may run into.</summary>
    Limited,

    /// <summary>Something does not work.</summary>
    Missing,
}

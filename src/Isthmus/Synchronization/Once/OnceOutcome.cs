namespace Isthmus;

/// <summary>What a call of <see cref="SharedOnce"/> came to.</summary>
public enum OnceOutcome
{
    /// <summary>The time was up while another ran it.</summary>
    TimedOut,

    /// <summary>This call has run it.</summary>
    Ran,

    /// <summary>Another has run it, before or meanwhile.</summary>
    WasDone,
}

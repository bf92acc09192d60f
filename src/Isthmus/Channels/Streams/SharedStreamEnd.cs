namespace Isthmus;

/// <summary>How one of the two ends of a <see cref="SharedStream"/> stands.</summary>
public enum SharedStreamEnd
{
    /// <summary>Nobody has opened it yet.</summary>
    Awaited = 0,

    /// <summary>Somebody has it, and lives.</summary>
    Open = 1,

    /// <summary>It was disposed: what was read is all that was written.</summary>
    Closed = 2,

    /// <summary>Who had it died, or lost it without disposing it: what was read may lack its end.</summary>
    Died = 3,
}

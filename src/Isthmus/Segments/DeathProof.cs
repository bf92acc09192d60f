namespace Isthmus;

/// <summary>Remembers, for one recovery, whether the slot was found alive at any time: then what its former occupant left may not be repaired yet.</summary>
internal sealed class DeathProof
{
    /// <summary>Whether somebody lived in the slot when it was asked.</summary>
    public bool WasRefuted { get; set; }
}

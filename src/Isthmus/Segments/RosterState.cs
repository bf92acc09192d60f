namespace Isthmus;

/// <summary>What a slot's record says of its occupant. Whether that one lives, only its life lock tells.</summary>
internal enum RosterState : uint
{
    /// <summary>Nobody, or somebody dead who was recovered.</summary>
    Vacant,

    /// <summary>Somebody who is just writing the record.</summary>
    Attaching,

    /// <summary>The one that the record names.</summary>
    Attached,
}

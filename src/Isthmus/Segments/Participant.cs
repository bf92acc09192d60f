namespace Isthmus;

/// <summary>Who a slot's record names.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Generation">Which occupant of the slot, counted from 1.</param>
/// <param name="State">As the record says.</param>
/// <param name="Identity">The process. Written by itself, and a proof of nothing.</param>
/// <param name="Bell">The name of its doorbell; empty when it has none.</param>
internal readonly record struct Participant(int Slot, uint Generation, RosterState State, ProcessIdentity Identity, Guid Bell);

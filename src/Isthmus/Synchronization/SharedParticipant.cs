namespace Isthmus;

/// <summary>One attachment to a shared object: a slot of its roster.</summary>
/// <param name="Slot">Its number.</param>
/// <param name="Process">Whose it is, as it says itself. Under another pid namespace its number means nothing here.</param>
/// <param name="IsAlive">Whether its life lock is held. If not, it is dead, and is recovered by the next who looks.</param>
/// <param name="Waiters">How many of its calls wait just now, blocked and awaited.</param>
public readonly record struct SharedParticipant(int Slot, ProcessIdentity Process, bool IsAlive, int Waiters);

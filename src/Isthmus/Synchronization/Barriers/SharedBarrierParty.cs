namespace Isthmus;

/// <summary>The members of a <see cref="SharedBarrier"/> that one attachment has.</summary>
/// <param name="Slot">Its slot.</param>
/// <param name="Participant">Whose they are; null when it is not known who is in the slot.</param>
/// <param name="Joined">How many there are.</param>
/// <param name="Arrived">How many of them have arrived, and wait for the others.</param>
public readonly record struct SharedBarrierParty(int Slot, SharedParticipant? Participant, int Joined, int Arrived);

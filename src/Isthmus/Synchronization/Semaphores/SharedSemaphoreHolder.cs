namespace Isthmus;

/// <summary>Who holds permits of an owner-tracked <see cref="SharedSemaphore"/>.</summary>
/// <param name="Slot">The holder's slot.</param>
/// <param name="Participant">The holder; null when it is not known who is in the slot.</param>
/// <param name="Count">How many it holds.</param>
public readonly record struct SharedSemaphoreHolder(int Slot, SharedParticipant? Participant, int Count);

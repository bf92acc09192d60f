namespace Isthmus;

/// <summary>Who reads under a <see cref="SharedReaderWriterLock"/>, or waits for that.</summary>
/// <param name="Slot">The reader's slot.</param>
/// <param name="Participant">The reader; null when it is not known who is in the slot.</param>
/// <param name="Inside">How many of its entries are inside.</param>
/// <param name="Waiting">How many of its calls wait until they may read.</param>
public readonly record struct SharedReaderWriterReader(int Slot, SharedParticipant? Participant, int Inside, int Waiting);

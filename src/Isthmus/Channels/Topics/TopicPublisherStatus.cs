namespace Isthmus;

/// <summary>What is known of one publisher of a topic.</summary>
/// <param name="Index">Its number among the topic's publishers.</param>
/// <param name="Slot">The slot of its participant; null when nobody publishes there any more.</param>
/// <param name="Participant">Who that is; null when nobody is known there.</param>
/// <param name="Published">How many samples were published with this index; -1 when that cannot be told.</param>
public readonly record struct TopicPublisherStatus(int Index, int? Slot, SharedParticipant? Participant, long Published);

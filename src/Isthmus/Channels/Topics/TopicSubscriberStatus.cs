namespace Isthmus;

/// <summary>What is known of one subscriber of a topic.</summary>
/// <param name="Slot">The slot of its participant.</param>
/// <param name="Participant">Who that is; null when nobody is known there.</param>
/// <param name="Overflow">What happens when it is slow.</param>
/// <param name="Loans">How many samples it has on loan.</param>
/// <param name="Lost">How many samples it has lost.</param>
public readonly record struct TopicSubscriberStatus(int Slot, SharedParticipant? Participant, TopicOverflow Overflow, int Loans, long Lost);

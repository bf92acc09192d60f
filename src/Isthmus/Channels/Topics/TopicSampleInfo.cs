namespace Isthmus;

/// <summary>What is known of a sample that was received as a copy.</summary>
/// <param name="Length">Its size in bytes.</param>
/// <param name="Publisher">Which publisher it is from: its <see cref="Publisher.Index"/>.</param>
/// <param name="Number">How many samples were published with that index before it, since the topic was made.</param>
/// <param name="Lost">How many samples with that index this subscriber has lost since the one that it received before, or since it subscribed.</param>
public readonly record struct TopicSampleInfo(int Length, int Publisher, long Number, long Lost);

namespace Isthmus.Inspection;

/// <summary>What has passed through something since it exists.</summary>
/// <param name="Received">What came in: a socket received it, a process read it; null where nobody counts that.</param>
/// <param name="Sent">What went out: a socket sent it, a process wrote it, it was written into a channel; null where nobody counts that.</param>
/// <param name="Unit">What is counted.</param>
public readonly record struct TransferCount(long? Received, long? Sent, SharedChannelUnit Unit);

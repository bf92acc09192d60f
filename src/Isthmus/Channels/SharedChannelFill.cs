namespace Isthmus;

/// <summary>
/// How full a channel is at one moment, all its directions or lanes together. While others use it, the numbers may be from different moments.
/// </summary>
/// <param name="Held">What was written and not taken yet.</param>
/// <param name="Capacity">How much it holds.</param>
/// <param name="Written">What was ever written; null where nobody counts it (calls).</param>
/// <param name="Unit">What is counted.</param>
public sealed record SharedChannelFill(long Held, long Capacity, long? Written, SharedChannelUnit Unit);

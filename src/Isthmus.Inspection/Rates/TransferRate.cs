namespace Isthmus.Inspection;

/// <summary>What passes through something in a second.</summary>
/// <param name="Received">What comes in; null where nobody counts that.</param>
/// <param name="Sent">What goes out, or is written into a channel; null where nobody counts that.</param>
/// <param name="Unit">What is counted.</param>
public readonly record struct TransferRate(double? Received, double? Sent, SharedChannelUnit Unit)
{
    /// <summary>Both directions together: of a connection all that its two ends tell each other.</summary>
    public double Total => (Received ?? 0) + (Sent ?? 0);
}

using Isthmus.Cli.Watch;
using Isthmus.Inspection;

namespace Isthmus.Cli.Map;

/// <summary>How full an object is, and what passes through it: what makes a line thick.</summary>
/// <param name="Fill">What waits in it; null where that is not told.</param>
/// <param name="Capacity">How much can; null where that is not told.</param>
/// <param name="Rate">What passes in a second; null where nobody counts it, or it was looked at once only.</param>
internal sealed record MapLoad(long? Fill, long? Capacity, TransferRate? Rate)
{
    public static MapLoad None { get; } = new(null, null, null);

    /// <summary>From 0 to 1; each doubling of what passes counts the same.</summary>
    public double Weight => Math.Max(
        Fill switch
        {
            null or <= 0 => 0,
            _ when Capacity > 0 => Math.Min((double)Fill.Value / Capacity.Value, 1),
            _ => Math.Min(Math.Log2(1 + Fill.Value) / 16, 1),
        },
        Rate is { } rate ? Math.Min(Math.Log2(1 + rate.Total) / (rate.Unit == SharedChannelUnit.Bytes ? 32 : 20), 1) : 0);

    public static MapLoad Of(ObjectNode node, SnapshotRates rates) => new(node.Fill, node.Capacity, rates.Of(node.Id));

    /// <summary><c>3 of 10, 1.2k B/s</c>; empty when there is nothing to tell.</summary>
    public override string ToString()
    {
        string fill = Fill is > 0 and var held
            ? Amount.Of(held) + (Capacity > 0 ? $" of {Amount.Of(Capacity.Value)}" : " waiting")
            : "";
        string passing = Rate is { Total: > 0 } rate
            ? Amount.Of(rate.Total) + (rate.Unit == SharedChannelUnit.Bytes ? " B/s" : " msg/s")
            : "";
        return string.Join(", ", ((string[])[fill, passing]).Where(text => text.Length > 0));
    }
}

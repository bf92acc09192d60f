namespace Isthmus.Tests.Explorer;

/// <summary>Something that does not hold.</summary>
/// <param name="Message">What.</param>
/// <param name="Schedule">Leads to it, see <see cref="Move"/>: for <see cref="Explore.Replay"/>.</param>
/// <param name="Trace">The same, to be read.</param>
/// <param name="Seed">Of the random schedule that it was found with; null when all were tried.</param>
internal sealed record Violation(string Message, string Schedule, string Trace, int? Seed = null)
{
    public override string ToString() =>
        $"{Message}\n{Trace}schedule: {Schedule}{(Seed is null ? "" : $"\nseed: {Seed}")}";
}

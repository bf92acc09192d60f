using System.Diagnostics;
using System.Globalization;
using Isthmus.Cli.Inspection;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Channels;

/// <summary>A line of <c>isthmus channel ls</c>.</summary>
/// <param name="Entry">What was found.</param>
/// <param name="Rate">What was written a second, in the unit of its fill; null when nobody asked, or it was not there all the time.</param>
internal sealed record ChannelRow(SharedChannelEntry Entry, double? Rate)
{
    public SharedObjectEntry Object => Entry.Object;

    public SharedChannelFill? Fill => Entry.Fill;

    /// <summary>What would be lost with it, for people.</summary>
    public string Content => Fill is { Held: > 0 } fill ? Invariant($", with {fill.Held} {Unit(fill)} that nobody has read") : "";

    // What could not be read is no proof of anything.
    private string State => Object.Problem is not null ? "unreadable" : Object.IsStale ? "stale" : "in use";

    private long? Percent => Fill is { Capacity: > 0 } fill ? 100 * fill.Held / fill.Capacity : null;

    private IEnumerable<SharedParticipant> Participants => Object.Status?.Participants ?? [];

    public static ColumnTable<ChannelRow> Table() => new(
        [
            new("name", "Its name.", static row => row.Object.Name),
            new("kind", "What it is.", static row => row.Object.Kind ?? ""),
            new("state", "In use; stale: nobody takes part, which is proved; unreadable.", static row => row.State),
            Number("held", "What was written and not taken yet.", static row => row.Fill?.Held, static row => " " + Unit(row.Fill!)),
            Number("fill", "How much of its capacity that is.", static row => row.Percent, static _ => "%"),
            Number("written", "What was ever written.", static row => row.Fill?.Written),
            Number("rate", "What was written a second, with --interval.", static row => (long?)row.Rate, static _ => "/s"),
            Number("size", "The memory that it takes, in bytes.", static row => row.Object.Status?.SizeBytes),
            Number("waiters", "How many calls wait.", static row => row.Object.Status?.Waiters),
            new("users", "Who takes part.", static row => string.Join(", ", row.Participants.Select(Describe))),
            new("problem", "Why it could not be read.", static row => row.Object.Problem ?? ""),
        ],
        "name,kind,state,held,fill,users");

    /// <summary>Lists once, or twice for the rates.</summary>
    public static async Task<ChannelRow[]> ReadAsync(
        Func<IReadOnlyList<SharedChannelEntry>> list, TimeSpan? interval, CancellationToken cancellationToken)
    {
        IReadOnlyList<SharedChannelEntry> first = list();
        if (interval is not { } apart)
        {
            return [.. first.Select(entry => new ChannelRow(entry, null))];
        }
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(apart, cancellationToken);
        IReadOnlyList<SharedChannelEntry> second = list();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Dictionary<string, SharedChannelFill?> before = first.ToDictionary(entry => entry.Object.Name, entry => entry.Fill);
        return [.. second.Select(entry => new ChannelRow(entry, RateOf(before.GetValueOrDefault(entry.Object.Name), entry.Fill, seconds)))];
    }

    private static double? RateOf(SharedChannelFill? before, SharedChannelFill? after, double seconds) =>
        before is not null && after is not null && after.Written >= before.Written && seconds > 0 ? (after.Written - before.Written) / seconds : null;

    private static string Describe(SharedParticipant participant) =>
        SharedInfo.Describe(JsonProcess.Of(participant.Process)) + (participant.IsAlive ? "" : " dead");

    private static Column<ChannelRow> Number(
        string name, string description, Func<ChannelRow, long?> value, Func<ChannelRow, string>? unit = null) =>
        new(name, description, row => value(row) is { } number ? Invariant($"{number}{unit?.Invoke(row)}") : "", IsNumber: true);

    private static string Unit(SharedChannelFill fill) => JsonSignal.Word(fill.Unit);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

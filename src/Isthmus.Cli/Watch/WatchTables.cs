using System.Globalization;
using Isthmus.Cli.Inspection;
using Isthmus.Inspection;

namespace Isthmus.Cli.Watch;

/// <summary>The two tables that are watched, and what stands in their columns.</summary>
internal static class WatchTables
{
    private static readonly WatchHead[] s_processHeads =
    [
        new("pid", IsNumber: true), new("user"), new("blocked", IsNumber: true), new("wait"), new("cpu", IsNumber: true), new("resident", IsNumber: true),
        new("read", IsNumber: true), new("written", IsNumber: true), new("edges", IsNumber: true), new("command"),
    ];

    private static readonly WatchHead[] s_edgeHeads =
    [
        new("kind"), new("name"), new("blocked", IsNumber: true), new("fill", IsNumber: true), new("rate", IsNumber: true), new("users"),
    ];

    public static IReadOnlyList<WatchHead> HeadsOf(WatchView view) => view == WatchView.Processes ? s_processHeads : s_edgeHeads;

    public static WatchTable Of(WatchModel model, WatchView view) => view == WatchView.Processes
        ? new WatchTable(s_processHeads, [.. model.Processes.Select(RowOf)])
        : new WatchTable(s_edgeHeads, [.. model.Edges.Select(RowOf)]);

    private static WatchRow RowOf(WatchProcess each) => new(
        each.Process.Node,
        each.Blocking,
        [
            Number(each.Process.Id),
            Text(UserNames.Of(each.Process.UserId)),
            each.Stuck is { } chain
                ? new(JsonSignal.Word(chain.End), 2)
                // Of equal ones who works most stands first.
                : new("", Math.Min((each.Cpu ?? 0) / Environment.ProcessorCount, 1)),
            Text(each.Wait),
            each.Cpu is { } cpu ? new(string.Create(CultureInfo.InvariantCulture, $"{cpu * 100:F1}%"), cpu) : new("", -1),
            new(Amount.Bytes(each.Process.ResidentBytes), each.Process.ResidentBytes),
            RateOf(each.Rate?.Received, null),
            RateOf(each.Rate?.Sent, null),
            Number(each.Edges),
            Text(ProcessColumns.CommandOf(each.Process)),
        ]);

    private static WatchRow RowOf(WatchEdge edge) => new(
        edge.Node.Id,
        edge.Blocking,
        [
            Text(edge.Kind),
            Text(edge.Name is { } name ? name + (edge.Node.IsDeleted ? " (deleted)" : "") : edge.Node.Id.Text),
            new(WordOf(edge.Blocking), Urgency(edge)),
            FillOf(edge),
            RateOf(edge.Rate?.Total, edge.Rate?.Unit),
            Text(string.Join(", ", edge.Ends.Select(Describe))),
        ]);

    private static string WordOf(Blocking blocking) => blocking switch
    {
        Blocking.Stuck => "stuck",
        Blocking.HeldUp => "held up",
        _ => "",
    };

    // Who is blocked, then what moves, then what is full, then the rest.
    private static double Urgency(WatchEdge edge) =>
        (double)edge.Blocking + (edge.Rate is { Total: > 0 } ? 0.5 : 0) + (edge is { Fill: > 0 } ? 0.25 : 0);

    private static WatchCell FillOf(WatchEdge edge) => edge switch
    {
        { Fill: { } fill, Capacity: > 0 and { } capacity } =>
            new(string.Create(CultureInfo.InvariantCulture, $"{Amount.Of(fill)}/{Amount.Of(capacity)}"), fill),
        { Fill: { } fill } => new(Amount.Of(fill), fill),
        _ => new("", -1),
    };

    private static WatchCell RateOf(double? rate, SharedChannelUnit? unit) => rate is not { } number
        ? new("", -1)
        : new(Amount.Of(number) + (unit == SharedChannelUnit.Messages ? " msg/s" : " B/s"), number);

    private static string Describe(WatchEnd end) => string.Create(
        CultureInfo.InvariantCulture, $"{end.Process.Id} {end.Process.Name} {string.Join(" and ", end.Roles).Replace('_', ' ')}");

    private static WatchCell Number(long value) => new(value.ToString(CultureInfo.InvariantCulture), value);

    private static WatchCell Text(string text) => new(Printable.Of(text));
}

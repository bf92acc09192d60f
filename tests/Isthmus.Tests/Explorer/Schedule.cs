namespace Isthmus.Tests.Explorer;

/// <summary>Moves in turn, as text: what a failure is made again with.</summary>
internal static class Schedule
{
    public static string Format(IEnumerable<Move> moves) => string.Join(' ', moves);

    public static Move[] Parse(string schedule) => [.. schedule.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Move.Parse)];
}

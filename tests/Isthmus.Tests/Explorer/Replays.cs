using System.Globalization;
using System.Text;

namespace Isthmus.Tests.Explorer;

/// <summary>Runs schedules that are known, and tells what happens.</summary>
internal static class Replays
{
    // No operation needs so many steps that nobody disturbs.
    private const int AloneMax = 1000;

    /// <summary>The violation that a schedule leads to; moves that are not possible are left out.</summary>
    public static Violation? Run(Scenario scenario, IEnumerable<Move> schedule)
    {
        World world = new(scenario) { Notes = new StringBuilder() };
        StringBuilder trace = new();
        List<Move> done = [];
        foreach (Move planned in schedule)
        {
            if (world.Failure is not null)
            {
                break;
            }
            if (world.CanMove(planned))
            {
                Move move = planned;
                string who = world.Describe(move);
                world.Notes.Clear();
                Guarded.Do(world, ref move);
                done.Add(move);
                trace.Append(CultureInfo.InvariantCulture, $"{done.Count,4}  {who,-36} {world.Notes}\n");
            }
        }
        if (world.Failure is null && !world.AddMoves([]))
        {
            world.Rest();
        }
        if (world.Failure is null && done.Count > 0 && done[^1].Kind == MoveKind.Step)
        {
            RunAlone(world, done[^1]);
        }
        return world.Failure is null ? null : new Violation(world.Failure, Schedule.Format(done), trace.ToString());
    }

    private static void RunAlone(World world, Move move)
    {
        for (int step = 0; world.Failure is null && world.CanMove(move); step++)
        {
            world.Do(ref move);
            if (step == AloneMax)
            {
                world.Fail($"{world.NameOf(move.Who)} runs for ever");
            }
        }
    }

    /// <summary>The violation that was found with a schedule, after taking out what it does not need.</summary>
    public static Violation Shorten(Scenario scenario, IEnumerable<Move> schedule, string message)
    {
        List<Move> moves = [.. schedule];
        message = Run(scenario, moves)?.Message ?? message;
        for (int length = moves.Count / 2; length > 0; length = length > 16 ? length / 2 : length - 1)
        {
            for (int start = 0; start + length <= moves.Count;)
            {
                List<Move> shorter = [.. moves[..start], .. moves[(start + length)..]];
                if (Run(scenario, shorter)?.Message == message)
                {
                    moves = shorter;
                }
                else
                {
                    start += length;
                }
            }
        }
        return Run(scenario, moves) ?? new Violation(message, Schedule.Format(moves), "(it does not happen again)\n");
    }
}

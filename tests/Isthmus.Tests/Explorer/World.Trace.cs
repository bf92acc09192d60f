using System.Runtime.CompilerServices;
using System.Text;

namespace Isthmus.Tests.Explorer;

/// <content>What is told of a move.</content>
internal sealed partial class World
{
    /// <summary>Where it is told; null: it is not.</summary>
    public StringBuilder? Notes { get; set; }

    /// <summary>Whose move it is, and where in which operation it is made.</summary>
    public string Describe(Move move)
    {
        if (move.Kind is MoveKind.Crash or MoveKind.Occupy)
        {
            return $"p{move.Who}";
        }
        ThreadStatus status = Thread(move.Who).Status;
        if (status == ThreadStatus.Idle)
        {
            return NameOf(move.Who);
        }
        Instruction instruction = InstructionOf(move.Who);
        string stage = status is ThreadStatus.Asked or ThreadStatus.Asleep ? "" : instruction.StageOf(ref Operation(move.Who));
        return $"{NameOf(move.Who)} {instruction.Name}{(stage.Length > 0 ? "." : "")}{stage}";
    }

#pragma warning disable CA1822 // The handler asks this world whether it is told.
    private void Tell([InterpolatedStringHandlerArgument("")] Note note) => _ = note;
#pragma warning restore CA1822
}

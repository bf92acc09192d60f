using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Isthmus.Cli.Semaphores;

/// <summary><c>--op I:N[,I:N…]</c>: operations on a System V set that are done together.</summary>
internal static class OperationList
{
    public static Option<SemaphoreOperation[]?> Option() => new("--op")
    {
        Description = "Operations on a System V set, done together or not at all: semaphore I plus N (below 0 acquires, 0 waits for zero); "
            + "a 'u' behind N has it undone when this command ends.",
        HelpName = "i:n[u][,i:n[u]...]",
        CustomParser = Parse,
    };

    private static SemaphoreOperation[]? Parse(ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value;
        List<SemaphoreOperation> operations = [];
        foreach (string part in text.Split(','))
        {
            if (!TryParse(part, out SemaphoreOperation operation))
            {
                argument.AddError($"'{part}' is no operation. Write a semaphore and what is added to it: 0:-1, 2:+1, 1:0, 0:-1u.");
                return null;
            }
            operations.Add(operation);
        }
        return [.. operations];
    }

    private static bool TryParse(string text, out SemaphoreOperation operation)
    {
        operation = default;
        bool undone = text.EndsWith('u');
        string[] numbers = (undone ? text[..^1] : text).Split(':');
        if (numbers.Length != 2
            || !ushort.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out ushort index)
            || !int.TryParse(numbers[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int change)
            || change > SystemVSemaphoreSet.ValueMax || change < -SystemVSemaphoreSet.ValueMax)
        {
            return false;
        }
        SemaphoreUndo undo = undone ? SemaphoreUndo.AtExit : SemaphoreUndo.None;
        operation = change switch
        {
            0 => SemaphoreOperation.WaitForZero(index),
            < 0 => SemaphoreOperation.Acquire(index, -change, undo),
            _ => SemaphoreOperation.Release(index, change, undo),
        };
        return true;
    }
}

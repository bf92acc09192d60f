using System.Globalization;

namespace Isthmus.Tests.Explorer;

/// <summary>
/// One choice of the scheduler: what happens next. As text, in a schedule: <c>2</c> a step of thread 2, <c>2:1</c> with the second of several outcomes,
/// <c>=2</c> the oldest store of thread 2 gets out of its buffer, <c>~2</c> it wakes for no reason, <c>-2</c> its wait ends (timeout,
/// cancellation), <c>!1</c> participant 1 is killed, <c>+1</c> slot 1 is taken.
/// </summary>
/// <param name="Kind">What.</param>
/// <param name="Who">The number of the thread, or of the slot.</param>
/// <param name="Choice">Which of the outcomes; -1: by chance.</param>
internal readonly record struct Move(MoveKind Kind, int Who, int Choice = 0)
{
    private const string Signs = " =~-!+";

    /// <summary>Whether the threads get on by it by themselves: no world rests while there is such a move.</summary>
    public bool IsProgress => Kind is MoveKind.Step or MoveKind.Drain;

    public static Move Parse(string text)
    {
        int kind = Math.Max(0, Signs.IndexOf(text[0], StringComparison.Ordinal));
        string[] numbers = text[(kind == 0 ? 0 : 1)..].Split(':');
        return new Move((MoveKind)kind, Number(numbers[0]), numbers.Length > 1 ? Number(numbers[1]) : 0);
    }

    public override string ToString() => $"{Signs[(int)Kind]}{Who}{(Choice > 0 ? $":{Choice}" : "")}".TrimStart();

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}

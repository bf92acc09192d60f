using System.Globalization;

namespace Isthmus.Cli.Tests.Situations;

/// <summary>
/// One thing that a program has planted, in its own words: a line <c>hold NAME KIND PID FD RELATION ACCESS LABEL</c>, or
/// <c>wait NAME PID WAIT KIND END CULPRIT CYCLE</c>. What does not matter is <c>-</c>; a label is a name, or <c>id=NUMBER</c>; a cycle is numbers joined by
/// commas.
/// </summary>
internal sealed record Situation(string Name, bool IsWait, string Kind, int ProcessId, IReadOnlyList<string> Words)
{
    public int? Descriptor => IsWait || Words[4] == "-" ? null : Number(Words[4]);

    public string Relation => Words[5];

    public string? Access => Known(Words[6]);

    public string? Label => Known(Words[7]);

    public string Wait => Words[3];

    public string? End => Known(Words[5]);

    public int? Culprit => Words[6] == "-" ? null : Number(Words[6]);

    public int[] Cycle => Words[7] == "-" ? [] : [.. Words[7].Split(',').Select(Number).Order()];

    public static Situation Parse(string program, string line)
    {
        string[] words = line.Split(' ');
        Assert.True(words.Length == 8 && words[0] is "hold" or "wait", $"{program} says '{line}'");
        bool isWait = words[0] == "wait";
        return new Situation(
            $"{program}: {words[1].Replace('_', ' ')}", isWait, words[isWait ? 4 : 2], Number(words[isWait ? 2 : 3]), words);
    }

    public override string ToString() => Name;

    private static string? Known(string word) => word == "-" ? null : word;

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
}

namespace Isthmus;

/// <summary>Counts a countdown down; not below zero.</summary>
internal readonly struct CountdownSignal(int count) : IWordChange
{
    public static int Word => CountdownWord.Word;

    public bool TryChange(ulong word, out ulong changed)
    {
        int left = CountdownWord.CountOf(word);
        changed = CountdownWord.Counted(word, left - count);
        return left >= count;
    }

    public int WakesOf(ulong changed) => CountdownWord.CountOf(changed) == 0 ? int.MaxValue : 0;
}

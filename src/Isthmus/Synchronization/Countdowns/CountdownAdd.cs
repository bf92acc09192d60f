namespace Isthmus;

/// <summary>Adds to what is left of a countdown; not when nothing is left, and not beyond the greatest <see cref="int"/>.</summary>
internal readonly struct CountdownAdd(int count) : IWordChange
{
    public static int Word => CountdownWord.Word;

    public bool TryChange(ulong word, out ulong changed)
    {
        int left = CountdownWord.CountOf(word);
        changed = CountdownWord.Counted(word, left + count);
        return left > 0 && left <= int.MaxValue - count;
    }

    public int WakesOf(ulong changed) => 0;
}

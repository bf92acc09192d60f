namespace Isthmus;

/// <summary>Begins a countdown anew; who waits goes on waiting, unless it begins with nothing.</summary>
internal readonly struct CountdownReset(int count) : IWordChange
{
    public static int Word => CountdownWord.Word;

    public bool TryChange(ulong word, out ulong changed)
    {
        changed = CountdownWord.Counted(word, count);
        return true;
    }

    public int WakesOf(ulong changed) => count == 0 ? int.MaxValue : 0;
}

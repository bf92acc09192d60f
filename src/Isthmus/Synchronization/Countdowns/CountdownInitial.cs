namespace Isthmus;

/// <summary>Changes the count that a reset begins with.</summary>
internal readonly struct CountdownInitial(int count) : IWordChange
{
    public static int Word => CountdownWord.InitialWord;

    public bool TryChange(ulong word, out ulong changed)
    {
        changed = (ulong)count;
        return changed != word;
    }

    public int WakesOf(ulong changed) => 0;
}

namespace Isthmus;

/// <summary>Adds to a counter, which wraps around.</summary>
internal readonly struct CounterAdd(long amount) : IWordChange
{
    public static int Word => CounterWord.Word;

    public bool TryChange(ulong word, out ulong changed)
    {
        changed = word + (ulong)amount;
        return true;
    }

    public int WakesOf(ulong changed) => 0;
}

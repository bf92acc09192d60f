namespace Isthmus;

/// <summary>Gives a counter another value.</summary>
internal readonly struct CounterExchange(long value) : IWordChange
{
    public static int Word => CounterWord.Word;

    public bool TryChange(ulong word, out ulong changed)
    {
        changed = (ulong)value;
        return true;
    }

    public int WakesOf(ulong changed) => 0;
}

namespace Isthmus;

/// <summary>Gives a counter another value if it has the one that is expected.</summary>
internal readonly struct CounterCompareExchange(long value, long comparand) : IWordChange
{
    public static int Word => CounterWord.Word;

    public bool TryChange(ulong word, out ulong changed)
    {
        changed = (ulong)value;
        return word == (ulong)comparand;
    }

    public int WakesOf(ulong changed) => 0;
}

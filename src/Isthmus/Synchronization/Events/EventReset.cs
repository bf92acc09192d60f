namespace Isthmus;

/// <summary>Resets an event; one that is not set stays as it is.</summary>
internal readonly struct EventReset : IWordChange
{
    public static int Word => EventWord.Word;

    public bool TryChange(ulong word, out ulong changed)
    {
        changed = EventWord.Reset(word);
        return changed != word;
    }

    public int WakesOf(ulong changed) => 0;
}

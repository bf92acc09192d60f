namespace Isthmus;

/// <summary>Sets an event. One that is set already gets a new version: who passes it later sees all that was written before this.</summary>
internal readonly struct EventSet(EventResetMode mode) : IWordChange
{
    public static int Word => EventWord.Word;

    public bool TryChange(ulong word, out ulong changed)
    {
        changed = EventWord.Set(word);
        return true;
    }

    public int WakesOf(ulong changed) => mode == EventResetMode.AutoReset ? 1 : int.MaxValue;
}

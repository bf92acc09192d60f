namespace Isthmus;

/// <summary>Takes the second end of a stream, which is had once.</summary>
/// <param name="slot">Who takes it.</param>
internal readonly struct StreamClaim(int slot) : IWordChange
{
    public static int Word => StreamWord.End(1);

    public bool TryChange(ulong word, out ulong changed)
    {
        changed = StreamEndWord.OpenedBy(slot);
        return StreamEndWord.StateOf(word) == SharedStreamEnd.Awaited;
    }

    public int WakesOf(ulong changed) => int.MaxValue;
}

namespace Isthmus;

/// <summary>Gives to a plain semaphore; not beyond its maximum.</summary>
internal readonly struct SemaphoreRelease(int count, int maximum) : IWordChange
{
    public static int Word => SemaphoreWord.Word;

    public bool TryChange(ulong word, out ulong changed)
    {
        changed = SemaphoreWord.Released(word, count);
        return count <= maximum - SemaphoreWord.CountOf(word);
    }

    public int WakesOf(ulong changed) => count;
}

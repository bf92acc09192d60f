namespace Isthmus;

/// <summary>Ends a run: completed, or failed and to be run again. Who is not the runner of just that run changes nothing.</summary>
/// <param name="running">The word that its begin made.</param>
/// <param name="completed">Whether it is done.</param>
internal readonly struct OnceEnd(ulong running, bool completed) : IWordChange
{
    public static int Word => OnceWord.Word;

    public bool TryChange(ulong word, out ulong changed)
    {
        changed = completed ? OnceWord.Completed(word) : OnceWord.Failed(word);
        return OnceWord.IsSameRun(word, running);
    }

    // Of those who wait for a run that failed, one is the next to run it.
    public int WakesOf(ulong changed) => completed ? int.MaxValue : 1;
}

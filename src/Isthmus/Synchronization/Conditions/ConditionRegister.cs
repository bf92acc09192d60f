namespace Isthmus;

/// <summary>
/// Begins to wait for a condition: a signal from now on counts. To be done inside the mutex; the word before has the sequence to wait for.
/// </summary>
internal readonly struct ConditionRegister(Waiters waiters) : IWordChange
{
    public static int Word => ConditionWord.Word;

    public bool TryChange(ulong word, out ulong changed)
    {
        changed = ConditionWord.Registered(word, waiters);
        return true;
    }

    public int WakesOf(ulong changed) => 0;
}

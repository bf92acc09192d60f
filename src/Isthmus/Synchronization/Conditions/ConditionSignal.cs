namespace Isthmus;

/// <summary>Signals a condition, to one that waits or to all. When nobody waits it changes nothing.</summary>
internal readonly struct ConditionSignal(bool all) : IWordChange
{
    public static int Word => ConditionWord.Word;

    public bool TryChange(ulong word, out ulong changed)
    {
        changed = ConditionWord.Signalled(word, all);
        return WaiterFlags.Of(word) != Waiters.None;
    }

    public int WakesOf(ulong changed) => all ? int.MaxValue : 1;
}

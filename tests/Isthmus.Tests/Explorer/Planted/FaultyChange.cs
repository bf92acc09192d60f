namespace Isthmus.Tests.Explorer;

/// <summary>A change with a bug.</summary>
internal readonly struct FaultyChange<TChange>(TChange change, WordFault fault) : IWordChange
    where TChange : unmanaged, IWordChange
{
    public static int Word => TChange.Word;

    public bool TryChange(ulong word, out ulong changed)
    {
        bool changes = change.TryChange(word, out changed);
        changed = fault == WordFault.TakesTheFlagsOut ? WaiterFlags.Without(changed) : changed;
        return changes;
    }

    public int WakesOf(ulong changed) => fault switch
    {
        WordFault.WakesNobody => 0,
        WordFault.WakesOne => Math.Min(1, change.WakesOf(changed)),
        _ => change.WakesOf(changed),
    };
}

namespace Isthmus.Tests.Linearizability;

/// <summary>
/// Whether there is an order of the operations, one after the other, that a model allows and that keeps every operation between its call and its
/// return. The search is that of
/// Wing and Gong, with Lowe's memory of what was tried: the same set of operations done, leading to the same state, is looked at once.
/// </summary>
internal static class LinearizabilityChecker
{
    /// <summary>Whether the history is linearizable.</summary>
    public static bool IsLinearizable(ISequentialModel model, IReadOnlyList<HistoryEvent> history)
    {
        Entry head = Link(history);
        HashSet<(ulong, ulong, long)> tried = [];
        Stack<(Entry Entry, long State)> chosen = new();
        long state = model.Initial;
        (ulong, ulong) hash = default;
        Entry? entry = head.Next;
        while (head.Next is not null)
        {
            if (entry!.Event is { } operation)
            {
                (ulong, ulong) with = Toggle(hash, entry.Index);
                if (model.After(state, operation) is long next && tried.Add((with.Item1, with.Item2, next)))
                {
                    chosen.Push((entry, state));
                    (state, hash) = (next, with);
                    Lift(entry, entry.Match!);
                    entry = head.Next;
                }
                else
                {
                    entry = entry.Next;
                }
            }
            else
            {
                // The return of an operation that is not done yet: nothing after it may be first.
                if (chosen.Count == 0)
                {
                    return false;
                }
                (Entry last, long before) = chosen.Pop();
                state = before;
                hash = Toggle(hash, last.Index);
                Unlift(last, last.Match!);
                entry = last.Next;
            }
        }
        return true;
    }

    private static Entry Link(IReadOnlyList<HistoryEvent> history)
    {
        List<(long Time, bool IsReturn, Entry Entry)> entries = [];
        foreach ((int index, HistoryEvent each) in history.Index())
        {
            Assert.True(each.Call <= each.Return, "An operation returns after its call.");
            Entry end = new(index, null);
            entries.Add((each.Call, false, new Entry(index, each) { Match = end }));
            entries.Add((each.Return, true, end));
        }
        Entry head = new(-1, null);
        Entry last = head;
        // Calls before returns of the same moment: what might have overlapped did.
        foreach ((_, _, Entry entry) in entries.OrderBy(each => each.Time).ThenBy(each => each.IsReturn))
        {
            last.Next = entry;
            entry.Previous = last;
            last = entry;
        }
        return head;
    }

    private static void Lift(Entry call, Entry end)
    {
        Remove(call);
        Remove(end);
    }

    private static void Unlift(Entry call, Entry end)
    {
        Restore(end);
        Restore(call);
    }

    private static void Remove(Entry entry)
    {
        entry.Previous!.Next = entry.Next;
        if (entry.Next is not null)
        {
            entry.Next.Previous = entry.Previous;
        }
    }

    private static void Restore(Entry entry)
    {
        entry.Previous!.Next = entry;
        if (entry.Next is not null)
        {
            entry.Next.Previous = entry;
        }
    }

    // A hash of a set to which elements are added and from which they are taken: the sum does not depend on the order.
    private static (ulong, ulong) Toggle((ulong, ulong) hash, int index) => (hash.Item1 ^ Mix((ulong)index + 1), hash.Item2 ^ Mix(~(ulong)index));

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }

    /// <summary>A call (with its event and the entry of its return) or a return, in a list in the order of time.</summary>
    private sealed class Entry(int index, HistoryEvent? operation)
    {
        public int Index => index;

        public HistoryEvent? Event => operation;

        public Entry? Match { get; init; }

        public Entry? Next { get; set; }

        public Entry? Previous { get; set; }
    }
}

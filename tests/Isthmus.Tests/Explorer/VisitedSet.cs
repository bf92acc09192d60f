namespace Isthmus.Tests.Explorer;

/// <summary>The hashes of the states that were seen: an open table, because there are millions.</summary>
internal sealed class VisitedSet
{
    private ulong[] _table = new ulong[1 << 16];

    public int Count { get; private set; }

    /// <returns>Whether it is new.</returns>
    public bool Add(ulong hash)
    {
        if (Count > _table.Length / 3 * 2)
        {
            Grow();
        }
        bool isNew = Insert(_table, hash == 0 ? 1 : hash);
        Count += isNew ? 1 : 0;
        return isNew;
    }

    private static bool Insert(ulong[] table, ulong hash)
    {
        int mask = table.Length - 1;
        for (int index = (int)hash & mask; ; index = (index + 1) & mask)
        {
            if (table[index] == hash)
            {
                return false;
            }
            if (table[index] == 0)
            {
                table[index] = hash;
                return true;
            }
        }
    }

    private void Grow()
    {
        ulong[] larger = new ulong[_table.Length * 2];
        foreach (ulong hash in _table)
        {
            if (hash != 0)
            {
                Insert(larger, hash);
            }
        }
        _table = larger;
    }
}

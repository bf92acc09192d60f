namespace Isthmus.Tests.Explorer;

/// <summary>
/// A 64-bit hash of a state (the folded multiplication of wyhash). Two of ten million states share one with a probability of 1 in 300,000:
/// that is how sure "exhaustive" is.
/// </summary>
internal static class StateHash
{
    private const ulong First = 0xa0761d6478bd642f;
    private const ulong Second = 0xe7037ed1a0b428db;

    public static ulong Of(ReadOnlySpan<ulong> state)
    {
        ulong hash = First;
        int index = 0;
        for (; index + 1 < state.Length; index += 2)
        {
            hash = Fold(state[index] ^ First ^ hash, state[index + 1] ^ Second) + hash;
        }
        ulong last = index < state.Length ? state[index] : 0;
        return Fold(hash ^ Second, last ^ First);
    }

    private static ulong Fold(ulong left, ulong right)
    {
        ulong high = Math.BigMul(left, right, out ulong low);
        return high ^ low;
    }
}

namespace Isthmus.Inspection;

/// <summary>
/// Tells what a futex is from what the caller expects in it (<c>futex(2)</c>): the kernel knows a word and no owner, but glibc's mutexes have
/// theirs in or beside the word.
/// </summary>
internal static class FutexWait
{
    private const int CommandMask = 0x7F;
    private const int Private = 0x80;
    private const uint Waiters = 0x8000_0000;
    private const uint OwnerMask = 0x3FFF_FFFF;
    private const int MutexBytes = 40; // sizeof(pthread_mutex_t) on 64 bits.
    private const int PlainTypes = 0x303; // Normal, recursive, error-checking, adaptive; elided or not.
    private const int SharedType = 0x80;

    public delegate ReadOnlySpan<byte> ReadMemory(ulong address);

    public static WaitSite Read(in SystemCall call, ReadMemory memory)
    {
        int operation = (int)call[1];
        uint expected = (uint)call[2];
        WaitSite site = new(WaitKind.Futex) { Address = call[0], HasTimeout = call[3] != 0 };
        ReadOnlySpan<byte> word = memory(call[0]);
        switch (operation & CommandMask)
        {
            // FUTEX_LOCK_PI, FUTEX_LOCK_PI2: the kernel's own format.
            case 6 or 13:
                return word.Length < 4 ? site : site with { Kind = WaitKind.Mutex, OwnerThreadId = (int)(BitConverter.ToUInt32(word) & OwnerMask) };
            // FUTEX_WAIT, FUTEX_WAIT_BITSET.
            case 0 or 9:
                return word.Length < 12 ? site : Wait(site, expected, word, isPrivate: (operation & Private) != 0);
            default:
                return site;
        }
    }

    // Locks of others use 2 in the same way, with anything behind it. glibc's: lock, count, owner, users, type, spins and elision, two unused pointers.
    private static bool IsMutex(ReadOnlySpan<byte> word, bool isPrivate)
    {
        if (word.Length < MutexBytes)
        {
            return false;
        }
        int type = BitConverter.ToInt32(word[16..]);
        return BitConverter.ToUInt32(word) == 2 && BitConverter.ToUInt32(word[12..]) > 0
            && (type & ~(PlainTypes | SharedType)) == 0 && (type & SharedType) == 0 == isPrivate
            && word[24..MutexBytes].IndexOfAnyExcept((byte)0) < 0;
    }

    private static WaitSite Wait(WaitSite site, uint expected, ReadOnlySpan<byte> word, bool isPrivate)
    {
        // A plain mutex of glibc: 2 means locked with waiters; the owner stands two words on.
        if (expected == 2)
        {
            return BitConverter.ToInt32(word[8..]) is > 0 and int owner
                ? site with { Kind = WaitKind.Mutex, OwnerThreadId = owner, IsMutex = IsMutex(word, isPrivate) }
                : site;
        }
        // A robust one has the owner in the word.
        if ((expected & Waiters) != 0 && (expected & OwnerMask) != 0)
        {
            return site with { Kind = WaitKind.Mutex, OwnerThreadId = (int)(expected & OwnerMask) };
        }
        // pthread_join: the word is the thread's number, and the kernel clears it.
        return !isPrivate && expected is > 0 and <= OwnerMask && BitConverter.ToUInt32(word) == expected
            ? site with { Kind = WaitKind.ThreadEnd, OwnerThreadId = (int)expected }
            : site;
    }
}

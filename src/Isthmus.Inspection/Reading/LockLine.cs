namespace Isthmus.Inspection;

/// <summary>
/// A lock or lease as <c>/proc/locks</c> and fdinfo print it (<c>proc_locks(5)</c>): <c>1: OFDLCK ADVISORY  WRITE -1 fe:00:11658796 0 EOF</c>;
/// one who waits stands below whom he waits for, with <c>-></c>.
/// </summary>
internal readonly record struct LockLine(
    FileLockFlavour Flavour, FileLockMode Mode, int ProcessId, ulong Device, ulong Inode, long Start, long End, bool IsWaiting, int Number)
{
    /// <summary>The <see cref="End"/> of a lock of all that follows.</summary>
    public const long ToTheEnd = long.MaxValue;

    /// <summary>The lock that both would be if one process had them: what a node of the graph stands for.</summary>
    public (FileLockFlavour Flavour, FileLockMode Mode, ulong Device, ulong Inode, long Start, long End) Subject =>
        (Flavour, Mode, Device, Inode, Start, End);

    public static bool TryParse(ReadOnlySpan<byte> line, out LockLine found)
    {
        found = default;
        TextCursor words = new(line);
        int number = (int)words.ReadNumber();
        ReadOnlySpan<byte> flavour = words.ReadWord();
        bool isWaiting = flavour.SequenceEqual("->"u8);
        flavour = isWaiting ? words.ReadWord() : flavour;
        if (FlavourOf(flavour) is not { } kind)
        {
            return false;
        }
        words.ReadWord(); // ADVISORY; of a lease ACTIVE, BREAKING or BREAKER.
        FileLockMode mode = words.ReadWord().SequenceEqual("READ"u8) ? FileLockMode.Shared : FileLockMode.Exclusive;
        int processId = (int)words.ReadNumber();
        ReadOnlySpan<byte> file = words.ReadWord();
        int colon = file.LastIndexOf((byte)':');
        if (colon < 0)
        {
            return false; // A lock whose file is gone prints <none>.
        }
        long start = words.ReadNumber();
        ReadOnlySpan<byte> end = words.ReadWord();
        found = new LockLine(
            kind, mode, processId, TextCursor.Device(file[..colon]), TextCursor.Unsigned(file[(colon + 1)..]),
            start, end.SequenceEqual("EOF"u8) ? ToTheEnd : TextCursor.Number(end), isWaiting, number);
        return true;
    }

    private static FileLockFlavour? FlavourOf(ReadOnlySpan<byte> word) => word switch
    {
        _ when word.SequenceEqual("OFDLCK"u8) => FileLockFlavour.Ofd,
        _ when word.SequenceEqual("POSIX"u8) => FileLockFlavour.Posix,
        _ when word.SequenceEqual("FLOCK"u8) => FileLockFlavour.Flock,
        _ when word.SequenceEqual("LEASE"u8) => FileLockFlavour.Lease,
        _ when word.SequenceEqual("DELEG"u8) => FileLockFlavour.Delegation,
        _ => null,
    };
}

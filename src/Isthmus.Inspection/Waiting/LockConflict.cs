namespace Isthmus.Inspection;

/// <summary>Which locks exclude each other.</summary>
internal static class LockConflict
{
    /// <summary>Whether a lock that is held keeps another from being granted; a range that is not known may be any.</summary>
    public static bool Exists(FileLockNode held, FileLockFlavour? flavour, FileLockMode mode, FileLockRange? range) =>
        AreOfOneWorld(held.Flavour, flavour)
        && (held.LockMode == FileLockMode.Exclusive || mode == FileLockMode.Exclusive)
        && (range is not { } wanted || Overlap(held.Range, wanted));

    // POSIX and OFD locks know each other, and nothing of flock.
    private static bool AreOfOneWorld(FileLockFlavour held, FileLockFlavour? wanted) => wanted switch
    {
        FileLockFlavour.Flock => held == FileLockFlavour.Flock,
        FileLockFlavour.Posix or FileLockFlavour.Ofd => held is FileLockFlavour.Posix or FileLockFlavour.Ofd,
        _ => held == wanted,
    };

    private static bool Overlap(FileLockRange one, FileLockRange other) => one.Start <= LastOf(other) && other.Start <= LastOf(one);

    private static long LastOf(FileLockRange range) => range.Length == 0 ? long.MaxValue : range.Start + range.Length - 1;
}

namespace Isthmus;

/// <summary>
/// The word of a condition. Low half: the sequence, which every signal raises, and who waits. High half: how often somebody began to wait.
/// </summary>
internal static class ConditionWord
{
    /// <summary>Where it stands: not where a mutex has its word, so that both can live in one state.</summary>
    public const int Word = StateLayout.WordsPerLine;

    private const ulong SequenceMask = 0x3FFF_FFFF;
    private const ulong RegistrationOne = 1UL << 32;

    public static uint SequenceOf(ulong word) => (uint)(word & SequenceMask);

    public static uint RegistrationsOf(ulong word) => (uint)(word >> 32);

    /// <summary>The word after somebody has begun to wait.</summary>
    public static ulong Registered(ulong word, Waiters waiters) => (word + RegistrationOne) | (ulong)waiters;

    /// <summary>The word after a signal. Only that for all takes the flags out: after one for one, others may sleep still.</summary>
    public static ulong Signalled(ulong word, bool all)
    {
        ulong flags = all ? 0 : word & (ulong)Waiters.All;
        return (word & ~(SequenceMask | (ulong)Waiters.All)) | ((word + 1) & SequenceMask) | flags;
    }
}

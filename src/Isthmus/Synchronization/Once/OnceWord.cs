namespace Isthmus;

/// <summary>
/// The word of something to be run once. Low half: the runner's slot plus one (0: nobody runs it), whether it is done, how the last run ended that
/// did not complete it, and who waits. High half: the generation, which every run and every recovery raises.
/// </summary>
internal static class OnceWord
{
    /// <summary>Where it stands.</summary>
    public const int Word = 0;

    private const ulong RunnerMask = 0xFFFF;
    private const ulong Done = 1u << 16;
    private const int EarlierShift = 17;
    private const ulong EarlierMask = 3u << EarlierShift;
    private const ulong GenerationOne = 1UL << 32;

    public static bool IsDone(ulong word) => (word & Done) != 0;

    public static bool IsRunning(ulong word) => (word & RunnerMask) != 0;

    public static bool IsRunBy(ulong word, int slot) => (word & RunnerMask) == (ulong)slot + 1;

    /// <summary>The runner's slot; -1 when nobody runs it.</summary>
    public static int RunnerOf(ulong word) => (int)(word & RunnerMask) - 1;

    public static uint GenerationOf(ulong word) => (uint)(word >> 32);

    /// <summary>How the last run ended that did not complete it.</summary>
    public static OnceAttempt EarlierOf(ulong word) => (OnceAttempt)((word & EarlierMask) >> EarlierShift);

    public static bool IsSameRun(ulong word, ulong other) =>
        (word & RunnerMask) == (other & RunnerMask) && GenerationOf(word) == GenerationOf(other);

    /// <summary>The word while a slot runs it; the flags stay.</summary>
    public static ulong Begun(ulong free, int slot) => (free + GenerationOne) | ((ulong)slot + 1);

    /// <summary>The word after a run completed it; it never changes again, but for flags.</summary>
    public static ulong Completed(ulong running) => (Ended(running) & ~EarlierMask) | Done;

    /// <summary>The word after a run that threw.</summary>
    public static ulong Failed(ulong running) => With(Ended(running), OnceAttempt.AfterFailure);

    /// <summary>The word after the runner's death.</summary>
    public static ulong Recovered(ulong running) => With(Ended(running), OnceAttempt.AfterDeath) + GenerationOne;

    private static ulong Ended(ulong running) => WaiterFlags.Without(running) & ~RunnerMask;

    private static ulong With(ulong word, OnceAttempt earlier) => (word & ~EarlierMask) | ((ulong)earlier << EarlierShift);
}

namespace Isthmus;

/// <summary>
/// The one seam between the algorithms of a segment and the world: every effect that they may have, and nothing else. In the
/// library it is <c>SegmentMemory</c>, which the JIT turns into bare instructions; in the tests it is simulated memory,
/// where the order of everything, crashes included, is chosen by the explorer.
/// </summary>
/// <remarks>
/// A word is 64 bits wide and is named by its index from the start of the segment's state (<see cref="StateLayout"/>). Its low half is what a
/// futex waits on.
/// </remarks>
internal interface ISharedMemory
{
    /// <summary>
    /// How many slots have ever had a participant: the bound of a scan. It only grows, and a participant raises it before it announces
    /// anything.
    /// </summary>
    int Slots { get; }

    /// <summary>Reads a word, with acquire order.</summary>
    ulong Load(int word);

    /// <summary>Writes a word that nobody else writes, with release order.</summary>
    void Store(int word, ulong value);

    /// <summary>
    /// Writes <paramref name="value"/> if the word is <paramref name="expected"/>, and is a full fence. When it is not, returns false, and
    /// <paramref name="expected"/> is what was found.
    /// </summary>
    bool CompareExchange(int word, ref ulong expected, ulong value);

    /// <summary>
    /// Whether nobody lives in a slot: its life lock is free. The proof holds for the past only: read the word that names the slot,
    /// then ask, then compare-exchange from what was read.
    /// </summary>
    bool IsDead(int slot);

    /// <summary>
    /// Wakes at most <paramref name="most"/> threads that sleep on a word, and rings at every process that waits for it asynchronously.
    /// </summary>
    /// <param name="word">The word.</param>
    /// <param name="waiters">Of which kinds there may be some: for each a system call is spent.</param>
    /// <param name="most">How many threads; <see cref="int.MaxValue"/> for all.</param>
    /// <returns>How many threads slept there and do not any more; 0: none slept.</returns>
    int Wake(int word, Waiters waiters, int most);

    /// <summary>
    /// For who publishes by a plain store, between that and the look for a waiter's flag: makes sure that either the flag is seen, or the waiter sees
    /// the store after its <see cref="SleeperFence"/>. It costs nothing where nobody has asked for it.
    /// </summary>
    void PublisherFence();

    /// <summary>
    /// For who has left its flag and is going to sleep: what others published by plain stores before is seen when it looks again, and what they publish
    /// later finds the flag. A system call (<c>membarrier(2)</c>), so that those who publish need not pay; who sleeps often asks them to
    /// (<see cref="FenceWord"/>).
    /// </summary>
    void SleeperFence();

    /// <summary>Whether to look again before sleeping; when true, a moment has passed.</summary>
    bool Spin(ref int round);
}

using System.Diagnostics;
using System.Globalization;

namespace Isthmus.Cli.Stress;

/// <summary>
/// The account of something that many may read, or one may write: who reads, by seat, beside the <see cref="ExclusiveAccount"/> of who writes.
/// </summary>
/// <param name="ledger">The accounts.</param>
/// <param name="seats">How many processes there are at a time.</param>
/// <param name="writers">The account of the writers.</param>
internal readonly struct ReadAccount(Ledger ledger, int seats, ExclusiveAccount writers)
{
    private const int UpgraderWord = ExclusiveAccount.Words;

    private ref long Upgrader => ref ledger.Shared(UpgraderWord);

    /// <summary>Somebody is in to read.</summary>
    /// <param name="id">Who.</param>
    /// <param name="told">Whether it was told that a writer has died.</param>
    /// <exception cref="StressViolationException">Somebody writes; or it was told wrongly.</exception>
    public void Begin(long id, bool told)
    {
        Interlocked.Exchange(ref ledger.OfSeat((int)ledger[id].Seat), id);
        long writer = writers.Owner;
        if (writer != 0 && !ledger[writer].IsKilled)
        {
            throw Violation($"{ledger[writer].ToString()} writes, and a reader came in.");
        }
        if (writer != 0 && !told)
        {
            throw Violation($"{ledger[writer].ToString()} was killed while it wrote, and a reader was not told.");
        }
        if (writer == 0 && told && !HasAWriterDied())
        {
            throw Violation($"A reader was told that a writer has died, and none has.");
        }
    }

    /// <summary>It reads no more.</summary>
    public void End(long id) => Interlocked.Exchange(ref ledger.OfSeat((int)ledger[id].Seat), 0);

    /// <summary>Somebody is in to read and perhaps to write; only one may be.</summary>
    public void BeginUpgradeable(long id)
    {
        long before = Interlocked.Exchange(ref Upgrader, id);
        if (before != 0 && !ledger[before].IsKilled)
        {
            throw Violation($"{ledger[before].ToString()} may become the writer, and another came in that may, too.");
        }
    }

    public void EndUpgradeable(long id) => Interlocked.CompareExchange(ref Upgrader, 0, id);

    /// <summary>Somebody is in to write, as the account of the writers says already; those readers that were killed are gone.</summary>
    public void RequireNoReaders(long id)
    {
        Interlocked.MemoryBarrier();
        for (int seat = 0; seat < seats; seat++)
        {
            ref long cell = ref ledger.OfSeat(seat);
            long reader = Volatile.Read(ref cell);
            if (reader != 0 && !ledger[reader].IsKilled)
            {
                throw Violation($"{ledger[id].ToString()} writes, and {ledger[reader].ToString()} reads.");
            }
            if (reader != 0 && Interlocked.CompareExchange(ref cell, 0, reader) == reader)
            {
                ledger[reader].Succeed(Stopwatch.GetTimestamp());
            }
        }
    }

    private bool HasAWriterDied()
    {
        for (long id = 1; id <= ledger.Records; id++)
        {
            if (writers.MayHaveDiedWithIt(ledger[id]))
            {
                return true;
            }
        }
        return false;
    }

    private static StressViolationException Violation(FormattableString message) => new(message.ToString(CultureInfo.InvariantCulture));
}

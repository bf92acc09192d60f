using System.Diagnostics;
using System.Globalization;

namespace Isthmus.Cli.Stress;

/// <summary>
/// The account of permits, of which there are at most three: who has them, all in one word, so that what is seen of it was so at one moment. Who has
/// got a permit takes a place in the word, and gives it back before the permit; so the places that the living have are never more than permits.
/// </summary>
/// <param name="ledger">The accounts.</param>
/// <param name="word">The shared word.</param>
/// <param name="permits">How many there are.</param>
internal readonly struct PermitAccount(Ledger ledger, int word, int permits)
{
    public const int PermitsMax = 3;

    private const int Bits = 21;
    private const long Mask = (1L << Bits) - 1;

    private ref long Holders => ref ledger.Shared(word);

    /// <summary>Somebody has got a permit.</summary>
    /// <exception cref="StressViolationException">There is none to be had.</exception>
    public void Take(long id)
    {
        long seen = Volatile.Read(ref Holders);
        while (true)
        {
            int place = FreePlace(seen);
            long before = place < 0 ? 0 : At(seen, place);
            if (place < 0)
            {
                throw Violation($"{permits} permits are all held by the living, and {ledger[id].ToString()} has got one more.");
            }
            long found = Interlocked.CompareExchange(ref Holders, With(seen, place, id), seen);
            if (found == seen)
            {
                Succeed(before);
                return;
            }
            seen = found;
        }
    }

    /// <summary>So many could be acquired just now: with those that the living hold, that may be all, and then those of the dead are back.</summary>
    public void See(int available)
    {
        long seen = Volatile.Read(ref Holders);
        int living = 0, dead = -1;
        for (int place = 0; place < permits; place++)
        {
            long holder = At(seen, place);
            bool isDead = holder != 0 && ledger[holder].IsKilled;
            living += holder != 0 && !isDead ? 1 : 0;
            dead = isDead ? place : dead;
        }
        if (dead >= 0 && living + available >= permits && Interlocked.CompareExchange(ref Holders, With(seen, dead, 0), seen) == seen)
        {
            Succeed(At(seen, dead));
        }
    }

    /// <summary>Somebody will give a permit back.</summary>
    /// <exception cref="StressViolationException">It had none.</exception>
    public void GiveBack(long id)
    {
        long seen = Volatile.Read(ref Holders);
        while (true)
        {
            int place = PlaceOf(seen, id);
            if (place < 0)
            {
                // Who is being killed may find that another has taken its place.
                if (!ledger[id].IsKilled)
                {
                    throw Violation($"{ledger[id].ToString()} has lost its permit to another.");
                }
                return;
            }
            long found = Interlocked.CompareExchange(ref Holders, With(seen, place, 0), seen);
            if (found == seen)
            {
                return;
            }
            seen = found;
        }
    }

    // One that nobody has; else, that of somebody dead: its permit must have come back, or we had none.
    private int FreePlace(long holders)
    {
        int free = PlaceOf(holders, 0);
        for (int place = 0; free < 0 && place < permits; place++)
        {
            free = ledger[At(holders, place)].IsKilled ? place : -1;
        }
        return free;
    }

    private int PlaceOf(long holders, long id)
    {
        for (int place = 0; place < permits; place++)
        {
            if (At(holders, place) == id)
            {
                return place;
            }
        }
        return -1;
    }

    private void Succeed(long dead)
    {
        if (dead != 0)
        {
            ledger[dead].Succeed(Stopwatch.GetTimestamp());
        }
    }

    private static long At(long holders, int place) => (holders >> (place * Bits)) & Mask;

    private static long With(long holders, int place, long id) => (holders & ~(Mask << (place * Bits))) | (id << (place * Bits));

    private static StressViolationException Violation(FormattableString message) => new(message.ToString(CultureInfo.InvariantCulture));
}

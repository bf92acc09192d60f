using System.Globalization;

namespace Isthmus.Cli.Stress.Families;

/// <summary>
/// The account of one client's calls: one word of its record, with the number of its call and, once a server has taken that, who it is. The client moves
/// it to the next number; a server enters itself from the number alone.
/// </summary>
internal static class RequestAccount
{
    private const int Word = 0, NumberShift = 24;
    private const long ServerMask = (1L << NumberShift) - 1;

    /// <summary>A client begins its next call.</summary>
    /// <returns>Its number.</returns>
    public static long Begin(LedgerRecord client)
    {
        long number = (Volatile.Read(ref client.Own(Word)) >> NumberShift) + 1;
        Interlocked.Exchange(ref client.Own(Word), number << NumberShift);
        return number;
    }

    /// <summary>A server has taken a call. When the client has gone on to another one, it has given this one up.</summary>
    /// <exception cref="StressViolationException">A server had taken it before.</exception>
    public static void Take(LedgerRecord client, long number, long server)
    {
        long alone = number << NumberShift;
        long found = Interlocked.CompareExchange(ref client.Own(Word), alone | server, alone);
        if (found >> NumberShift == number && found != alone)
        {
            throw new StressViolationException(string.Create(
                CultureInfo.InvariantCulture, $"Call {number} of {client.ToString()} was taken by {found & ServerMask}, and again by {server}."));
        }
    }

    /// <summary>Who has taken the client's call; 0 while that is not known.</summary>
    public static long TakerOf(LedgerRecord client) => Volatile.Read(ref client.Own(Word)) & ServerMask;
}

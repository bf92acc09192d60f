namespace Isthmus.Cli.Bench;

/// <summary>
/// One round of a <see cref="ScaledChannel"/>: which process does what. A message begins with the number of its sender and its own; together they
/// make one number, and the sum of all of them tells that none was lost and none came twice.
/// </summary>
internal sealed record ScaledOrder(string Channel, Shape Shape, int Count, ulong Seed)
{
    /// <summary>CHANNEL SENDERS RECEIVERS COUNT SEED INDEX, with the memory of the counts and the channel's own descriptors.</summary>
    public const string Verb = "scale";

    /// <summary>To all when all are ready.</summary>
    public const string Go = "go";

    /// <summary>How many each sender sends.</summary>
    public int CountEach => Count / Shape.Senders;

    public static ScaledOrder Parse(PeerOrder order) =>
        new(order.Words[0], new Shape(order.Int(1), order.Int(2)), order.Int(3), order.Seed(4));

    /// <summary>Senders come first.</summary>
    public IEnumerable<object> Words(int index) => [Channel, Shape.Senders, Shape.Receivers, Count, Seed, index];

    /// <summary>How many come out, of all receivers together.</summary>
    public long Expected(bool isBroadcast) => (long)CountEach * Shape.Senders * (isBroadcast ? Shape.Receivers : 1);

    public long ExpectedSum(bool isBroadcast)
    {
        long sum = 0;
        for (int sender = 0; sender < Shape.Senders; sender++)
        {
            for (int number = 0; number < CountEach; number++)
            {
                sum += Name(sender, number);
            }
        }
        return sum * (isBroadcast ? Shape.Receivers : 1);
    }

    public static long Name(int sender, int number) => ((long)(sender + 1) << 32) + number + 1;
}

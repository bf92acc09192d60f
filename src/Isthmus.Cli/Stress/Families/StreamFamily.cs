using System.Globalization;
using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Stress.Families;

/// <summary>
/// Processes in pairs (seats 0 and 1, 2 and 3, …) that write numbered frames to each other by a stream, both ways at once. A stream is had once: when
/// one of the two has left it or was killed, both go on to the next generation of their pair.
/// </summary>
internal sealed class StreamFamily : StressFamily
{
    /// <summary>Of a direction: so little that both often wait.</summary>
    public const int Capacity = SharedStream.CapacityMin;

    /// <summary>Of a record: the generation that it is in, plus one.</summary>
    public const int GenerationOf = 0;

    // The shared words, one for each pair: which generation is next.
    private const int GenerationWord = 0;

    public override string Name => "stream";

    public override string Promise => "What was written is read, once and in order, to the last byte before a death; the end says why; nobody is stuck.";

    public override IReadOnlyList<StressFault> Faults => [StressFault.LostUpdate, StressFault.FromNothing];

    [ModuleInitializer]
    internal static void Register() => StressCatalog.Add(new StreamFamily());

    /// <summary>Which generation of its streams a pair is in.</summary>
    public static ref long Generation(Ledger ledger, int pair) => ref ledger.Shared(GenerationWord + pair);

    /// <summary>Of a record: how many frames it has begun to write in a generation; two neighbours do not disturb each other.</summary>
    public static ref long Begun(LedgerRecord record, long generation) => ref record.Own(1 + (2 * (int)(generation % 2)));

    /// <summary>How many of them it has written.</summary>
    public static ref long Written(LedgerRecord record, long generation) => ref record.Own(2 + (2 * (int)(generation % 2)));

    /// <summary>Of a record: how many frames it has read and found right, in all generations.</summary>
    public static ref long Right(LedgerRecord record) => ref record.Own(5);

    public static string NameOf(int pair, long generation) => string.Create(CultureInfo.InvariantCulture, $"stream-{pair}-{generation}");

    public override void Create(StressPlace place)
    {
        // The pairs make their streams.
    }

    public override StressWorker Join(StressPlace place, long id) => new StreamWorker(place, id);

    public override StressReferee Judge(StressPlace place) => new StreamReferee(place);
}

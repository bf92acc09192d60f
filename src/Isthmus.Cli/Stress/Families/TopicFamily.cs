using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Stress.Families;

/// <summary>
/// Processes that publish, taking turns at fewer places than they are, and processes that subscribe: one half of these block the publishers, the others
/// lose what they are too slow for, and are told. The word of a seat in the ledger is who publishes with that index.
/// </summary>
internal sealed class TopicFamily : StressFamily
{
    public const string ObjectName = "topic";

    /// <summary>The shared words: how many samples were published and received, lost and told, as far as somebody has counted them.</summary>
    public const int PublishedWord = 0, ReceivedWord = 1, LostWord = 2;

    public override string Name => "topic";

    public override string Promise => "Each sample comes whole, once and in order, or is counted as lost; who blocks loses none; the killed hold nothing.";

    public override int Processes => 8;

    public override IReadOnlyList<StressFault> Faults => [StressFault.LostUpdate, StressFault.NotTold, StressFault.NoExclusion];

    /// <summary>At how many places they publish: about half of those who want to wait for one, and take it as soon as it is free.</summary>
    public static int Places(StressPlace place) => Math.Max(1, place.Processes / 4);

    /// <summary>Whether the process of a seat publishes; the others subscribe.</summary>
    public static bool Publishes(long seat) => seat % 2 == 0;

    /// <summary>Whether a subscriber blocks.</summary>
    public static bool Blocks(long seat) => seat % 4 == 1;

    [ModuleInitializer]
    internal static void Register() => StressCatalog.Add(new TopicFamily());

    /// <summary>How the topic is made.</summary>
    public static TopicOptions Options(StressPlace place) => place.Options(new TopicOptions
    {
        MaxSampleSize = TopicMessage.SizeMax,
        MaxPublishers = Places(place),
        MaxSubscribers = (place.Processes / 2) + 1,
        MaxLoans = 2,
        Buffer = 16,
        History = 8,
    });

    public override void Create(StressPlace place) => Topic.Create(ObjectName, Options(place)).Dispose();

    public override StressWorker Join(StressPlace place, long id) =>
        Publishes(place.Ledger[id].Seat) ? new TopicPublisherWorker(place, id) : new TopicSubscriberWorker(place, id);

    public override StressReferee Judge(StressPlace place) => new TopicReferee(place);
}

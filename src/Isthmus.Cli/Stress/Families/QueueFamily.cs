using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Stress.Families;

/// <summary>Producers and consumers of two queues, one with acknowledgement and one without.</summary>
internal sealed class QueueFamily : StressFamily
{
    /// <summary>How many queues; the messages of the second are acknowledged.</summary>
    public const int Queues = 2;

    /// <summary>Of a record, for each queue: how many messages it has begun to send, and how many of them the queue has taken.</summary>
    public const int Begun = 0, Sent = Queues;

    /// <summary>Of a record: the queue that it waits for as a consumer, and one more.</summary>
    public const int WaitsFor = 2 * Queues;

    /// <summary>Of a record: the message that it has not acknowledged, as <see cref="QueueStressMessage.Name"/>.</summary>
    public const int Holds = WaitsFor + 1;

    /// <summary>So many bytes of a lane may leave no room for a message.</summary>
    public const int NearlyFull = Capacity - 2048;

    private const int Capacity = 16 * 1024;

    public override string Name => "queue";

    public override string Promise =>
        "Each message is received once, whole and in order; with acknowledgement none is lost, and repeats are flagged; else the lost are counted.";

    public override int Processes => 6;

    public override IReadOnlyList<StressFault> Faults => [StressFault.FromNothing, StressFault.LostUpdate, StressFault.NoExclusion];

    [ModuleInitializer]
    internal static void Register() => StressCatalog.Add(new QueueFamily());

    public override void Create(StressPlace place)
    {
        int places = Math.Clamp(place.Processes, 1, 200);
        for (int queue = 0; queue < Queues; queue++)
        {
            SharedQueueOptions options = new()
            {
                LaneCapacity = Capacity,
                Acknowledge = queue > 0,
                MaxProducers = places,
                MaxConsumers = places + 1,
                MaxParticipants = places + 40,
            };
            SharedQueue.Create(NameOf(queue), place.Options(options)).Dispose();
        }
        QueueMarks.Create(place);
    }

    public override StressWorker Join(StressPlace place, long id) => new QueueWorker(place, id);

    public override StressReferee Judge(StressPlace place) => new QueueReferee(place);

    public static SharedQueue Open(StressPlace place, int queue) => SharedQueue.Open(NameOf(queue), place.Options(new SharedObjectOptions()));

    public static SharedQueueStatus StatusOf(StressPlace place, int queue) =>
        SharedQueue.GetStatus(NameOf(queue), place.Options(new SharedObjectOptions()));

    private static string NameOf(int queue) => queue == 0 ? "queue" : "acknowledged";
}

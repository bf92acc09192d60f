using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Stress.Families;

/// <summary>Half of the processes serve, the other half calls them, each call with a number that is accounted for.</summary>
internal sealed class RequestFamily : StressFamily
{
    public const string ObjectName = "request";

    public const int MaxCalls = 4, MaxBytes = 300;

    public override string Name => "request";

    public override string Promise =>
        "A call is taken by one server, once; its reply is its own and whole; the death of a server is told; no place for a call is lost.";

    public override int Processes => 6;

    public override IReadOnlyList<StressFault> Faults => [StressFault.FromNothing, StressFault.LostUpdate, StressFault.Stuck];

    /// <summary>How many may take part: each process, the dead ones that were not recovered yet, and the controller.</summary>
    public static int Participants(StressPlace place) => (2 * place.Processes) + 4;

    public static bool Serves(int seat) => seat % 2 == 0;

    [ModuleInitializer]
    internal static void Register() => StressCatalog.Add(new RequestFamily());

    public override void Create(StressPlace place) => RequestClient.Create(ObjectName, place.Options(new RequestOptions
    {
        MaxParticipants = Participants(place),
        MaxCalls = MaxCalls,
        MaxRequest = MaxBytes,
        MaxReply = MaxBytes,
    })).Dispose();

    public override StressWorker Join(StressPlace place, long id) =>
        Serves((int)place.Ledger[id].Seat) ? new RequestServerWorker(place, id) : new RequestClientWorker(place, id);

    public override StressReferee Judge(StressPlace place) => new RequestReferee(place);
}

using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Stress.Families;

/// <summary>
/// Members of one barrier that arrive over and over. A killed one breaks it; when all have been told, the controller mends it, and a new one joins.
/// </summary>
internal sealed class BarrierFamily : StressFamily
{
    public const string ObjectName = "barrier";

    /// <summary>The shared word that counts how often it was mended.</summary>
    public const int EpochWord = 0;

    public override string Name => "barrier";

    public override string Promise => "Nobody passes before all have arrived, each death is told to all, and nothing is broken without one.";

    public override IReadOnlyList<StressFault> Faults => [StressFault.FromNothing, StressFault.NotTold, StressFault.NoWake, StressFault.Stuck];

    [ModuleInitializer]
    internal static void Register() => StressCatalog.Add(new BarrierFamily());

    public override void Create(StressPlace place) => SharedBarrier.Create(ObjectName, place.Options(new SharedObjectOptions())).Dispose();

    public override StressWorker Join(StressPlace place, long id) => new BarrierWorker(place, id);

    public override StressReferee Judge(StressPlace place) => new BarrierReferee(place);
}

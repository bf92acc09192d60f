using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Stress.Families;

/// <summary>Processes that enter one mutex by all its forms and count.</summary>
/// <param name="fair">Whether those who wait are served in turn.</param>
internal sealed class MutexFamily(bool fair) : StressFamily
{
    public const string ObjectName = "mutex";

    public override string Name => fair ? "fair-mutex" : "mutex";

    public override string Promise => "Never two inside, no update lost, each death inside told to the next and none invented, nobody stuck.";

    public override IReadOnlyList<StressFault> Faults =>
    [
        StressFault.NoExclusion, StressFault.NotTold, StressFault.ToldFalsely, StressFault.LostUpdate, StressFault.Stuck, StressFault.EndsItself,
    ];

    [ModuleInitializer]
    internal static void Register()
    {
        StressCatalog.Add(new MutexFamily(fair: false));
        StressCatalog.Add(new MutexFamily(fair: true));
    }

    public override void Create(StressPlace place) =>
        SharedMutex.Create(ObjectName, place.Options(new SharedMutexOptions { Fair = fair })).Dispose();

    public override StressWorker Join(StressPlace place, long id) =>
        place.Fault == StressFault.None ? new MutexWorker(place, id) : new FaultyMutexWorker(place, id);

    public override StressReferee Judge(StressPlace place) => new MutexReferee(place);
}

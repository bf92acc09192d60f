using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Stress.Families;

/// <summary>Processes that share fewer permits than they are, of a semaphore that knows its owners.</summary>
internal sealed class SemaphoreFamily : StressFamily
{
    public const string ObjectName = "semaphore";

    public override string Name => "semaphore";

    public override string Promise => "Never more permits held than there are, those of the killed come back, once, and nobody is stuck.";

    public override int Processes => 6;

    public override IReadOnlyList<StressFault> Faults => [StressFault.FromNothing, StressFault.LostCapacity];

    public static int Permits(StressPlace place) => Math.Clamp(place.Processes / 3, 1, PermitAccount.PermitsMax);

    [ModuleInitializer]
    internal static void Register() => StressCatalog.Add(new SemaphoreFamily());

    public override void Create(StressPlace place)
    {
        int permits = Permits(place);
        SharedSemaphore.Create(ObjectName, permits, permits, place.Options(new SharedSemaphoreOptions { OwnerTracked = true })).Dispose();
    }

    public override StressWorker Join(StressPlace place, long id) => new SemaphoreWorker(place, id);

    public override StressReferee Judge(StressPlace place) => new SemaphoreReferee(place);
}

using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Stress.Families;

/// <summary>Producers and consumers of a small buffer: a mutex, and a condition for each of the two to wait for.</summary>
internal sealed class ConditionFamily : StressFamily
{
    /// <summary>Names of objects.</summary>
    public const string Mutex = "mutex", Filled = "filled", Emptied = "emptied";

    /// <summary>How much the buffer takes.</summary>
    public const int Room = 2;

    /// <summary>The numbers of the account: how much was put in, and taken out.</summary>
    public const int Put = 0, Taken = 1;

    /// <summary>Of a record: not 0 while it waits for a condition.</summary>
    public const int Waits = 6;

    public override string Name => "condition";

    public override string Promise => "Nobody sleeps while what it waits for has come about, also when the one that was woken is killed; and as for mutex.";

    public override IReadOnlyList<StressFault> Faults => [StressFault.NoWake, StressFault.LostUpdate];

    /// <summary>Whether a seat puts in; the others take out.</summary>
    public static bool Produces(long seat) => seat % 2 == 0;

    [ModuleInitializer]
    internal static void Register() => StressCatalog.Add(new ConditionFamily());

    public override void Create(StressPlace place)
    {
        SharedMutex.Create(Mutex, place.Options(new SharedMutexOptions())).Dispose();
        SharedCondition.Create(Filled, place.Options(new SharedObjectOptions())).Dispose();
        SharedCondition.Create(Emptied, place.Options(new SharedObjectOptions())).Dispose();
    }

    public override StressWorker Join(StressPlace place, long id) => new ConditionWorker(place, id);

    public override StressReferee Judge(StressPlace place) => new ConditionReferee(place);
}

using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Stress.Families;

/// <summary>Readers, writers, and readers that become writers, of one lock.</summary>
internal sealed class RwLockFamily : StressFamily
{
    public const string ObjectName = "rwlock";

    /// <summary>Of a record: not 0 while it may write.</summary>
    public const int Writes = 6;

    public override string Name => "rwlock";

    public override string Promise =>
        "Writers are alone, what is read stands still, only the death of a writer is told, dead readers are gone, nobody starves.";

    public override IReadOnlyList<StressFault> Faults => [StressFault.NoExclusion, StressFault.NotTold];

    [ModuleInitializer]
    internal static void Register() => StressCatalog.Add(new RwLockFamily());

    public override void Create(StressPlace place) => SharedReaderWriterLock.Create(ObjectName, place.Options(new SharedObjectOptions())).Dispose();

    public override StressWorker Join(StressPlace place, long id) => new RwLockWorker(place, id);

    public override StressReferee Judge(StressPlace place) => new RwLockReferee(place);
}

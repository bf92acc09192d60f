using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Stress.Families;

/// <summary>
/// Processes that hand one token round by an automatic event, and pass a manual one that who has the token opens and closes. The token of who is
/// killed with it is gone, as documented: the controller sets the event again when that has become certain.
/// </summary>
internal sealed class EventFamily : StressFamily
{
    /// <summary>Names of objects.</summary>
    public const string Baton = "baton", Door = "door";

    /// <summary>The shared words: how often the door was opened, counted before it is, and which opening was closed last, counted after.</summary>
    public const int OpenedWord = ExclusiveAccount.Words, ClosedWord = OpenedWord + 1;

    /// <summary>When somebody last got the token.</summary>
    public const int LastHadWord = ClosedWord + 1;

    /// <summary>Of a record: whether it waits for the door.</summary>
    public const int AtDoor = 6;

    public override string Name => "event";

    public override string Promise => "A set event lets one go on, or all; none goes on that was not let; no token is lost but with the killed.";

    public override IReadOnlyList<StressFault> Faults => [StressFault.FromNothing, StressFault.LostCapacity, StressFault.NoExclusion];

    [ModuleInitializer]
    internal static void Register() => StressCatalog.Add(new EventFamily());

    public override void Create(StressPlace place)
    {
        SharedEvent.Create(Baton, EventResetMode.AutoReset, place.Options(new SharedEventOptions { IsSet = true })).Dispose();
        SharedEvent.Create(Door, EventResetMode.ManualReset, place.Options(new SharedEventOptions())).Dispose();
    }

    public override StressWorker Join(StressPlace place, long id) => new EventWorker(place, id);

    public override StressReferee Judge(StressPlace place) => new EventReferee(place);
}

using System.Globalization;

namespace Isthmus.Cli.Stress.Families;

/// <summary>Counts the permits at the end.</summary>
internal sealed class SemaphoreReferee(StressPlace place) : StressReferee
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    public override IReadOnlyList<(string Name, long Value)> Close()
    {
        int permits = SemaphoreFamily.Permits(place);
        using SharedSemaphore semaphore = SharedSemaphore.Open(SemaphoreFamily.ObjectName, place.Options(new SharedObjectOptions()));
        for (int got = 0; got < permits; got++)
        {
            if (!semaphore.TryAcquire(s_patience))
            {
                throw Violation($"Nobody is there any more, and {got} of {permits} permits have come back.");
            }
        }
        return semaphore.TryAcquire() ? throw Violation($"There were {permits} permits, and now there are more.") : [("permits", permits)];
    }

    private static StressViolationException Violation(FormattableString message) => new(message.ToString(CultureInfo.InvariantCulture));
}

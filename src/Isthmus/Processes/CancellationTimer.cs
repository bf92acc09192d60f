namespace Isthmus;

/// <summary>Times for a token that may be as long as those of the kernel's calls.</summary>
internal static class CancellationTimer
{
    // The range of the runtime's timers, in milliseconds: 49.7 days.
    private const uint TimerMax = uint.MaxValue - 1;

    /// <summary>As <see cref="CancellationTokenSource.CancelAfter(TimeSpan)"/>, but what is beyond its range is no limit.</summary>
    public static void CancelAfterOrNever(this CancellationTokenSource source, TimeSpan time)
    {
        if (time.TotalMilliseconds <= TimerMax)
        {
            source.CancelAfter(time);
        }
    }
}

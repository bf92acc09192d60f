using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// The pauses between tries of what the kernel gives no notice of: a FIFO's reader, space in a full backlog or in a
/// receiver's queue that the sender is not connected to. 1 ms at first, doubling to 50 ms.
/// </summary>
internal struct Backoff
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(50);

    private TimeSpan _last;

    /// <summary>Sleeps; false, at once, when the deadline has passed.</summary>
    public bool Sleep(Deadline deadline)
    {
        if (deadline.HasPassed)
        {
            return false;
        }
        TimeSpan pause = Next();
        Thread.Sleep(deadline.IsNever || pause < deadline.Remaining ? pause : deadline.Remaining);
        return true;
    }

    public Task DelayAsync(CancellationToken cancellationToken) => Task.Delay(Next(), cancellationToken);

    private TimeSpan Next() => _last = _last == default ? s_first : _last < s_longest / 2 ? _last * 2 : s_longest;
}

using System.Collections.Concurrent;

namespace Isthmus;

/// <summary>
/// The segments that this process takes part in, so that rings and deaths find them. Held weakly: who forgets to dispose is collected.
/// </summary>
internal static class Attachments
{
    private static readonly ConcurrentDictionary<ulong, WeakReference<Segment>[]> s_byId = new();
    private static readonly HashSet<Segment> s_kept = [];
    private static readonly Lock s_lock = new();
    private static readonly Lock s_keepLock = new();

    /// <summary>All that are alive.</summary>
    public static IEnumerable<Segment> All
    {
        get
        {
            foreach ((_, WeakReference<Segment>[] attachments) in s_byId)
            {
                foreach (WeakReference<Segment> attachment in attachments)
                {
                    if (attachment.TryGetTarget(out Segment? segment))
                    {
                        yield return segment;
                    }
                }
            }
        }
    }

    public static void Add(Segment segment)
    {
        lock (s_lock)
        {
            s_byId[segment.Id] = [.. Others(segment), new WeakReference<Segment>(segment)];
        }
    }

    public static void Remove(Segment segment)
    {
        lock (s_lock)
        {
            WeakReference<Segment>[] left = [.. Others(segment)];
            if (left.Length > 0)
            {
                s_byId[segment.Id] = left;
            }
            else
            {
                s_byId.TryRemove(segment.Id, out _);
            }
        }
    }

    /// <summary>Keeps a segment from being collected while somebody awaits something of it.</summary>
    public static void Keep(Segment segment)
    {
        lock (s_keepLock)
        {
            s_kept.Add(segment);
        }
    }

    /// <summary>Ends <see cref="Keep"/>.</summary>
    public static void Release(Segment segment)
    {
        lock (s_keepLock)
        {
            s_kept.Remove(segment);
        }
    }

    /// <summary>Steps the waiters of a word that somebody says has changed. What the ring says was written by another process.</summary>
    public static void OnRing(BellRing ring)
    {
        if (s_byId.TryGetValue(ring.Segment, out WeakReference<Segment>[]? attachments))
        {
            foreach (WeakReference<Segment> attachment in attachments)
            {
                if (attachment.TryGetTarget(out Segment? segment))
                {
                    segment.Waiters.OnRing(ring.Word);
                }
            }
        }
    }

    /// <summary>Steps all waiters of the process, and has all rosters looked at.</summary>
    public static void LookAtEverything()
    {
        foreach (Segment segment in All)
        {
            segment.Waiters.StepAll();
            DeathWatch.Instance.OnRosterChanged(segment);
        }
    }

    private static IEnumerable<WeakReference<Segment>> Others(Segment segment) =>
        s_byId.GetValueOrDefault(segment.Id, []).Where(each => each.TryGetTarget(out Segment? other) && other != segment);
}

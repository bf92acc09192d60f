using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Isthmus;

/// <summary>
/// The thread that looks after the dead: when a doorbell hangs up it asks, for each segment that its owner took part in, whether the life lock is
/// free, and recovers. What cannot be told yet (the kernel still tears the process down; no bell is to be seen from here) it asks again every
/// 25 ms. Once a second it looks at the segments in which somebody of this process waits, for what no bell can tell.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "There is one, and it is never disposed.")]
internal sealed class DeathWatch
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan s_slowInterval = TimeSpan.FromSeconds(1);

    private static readonly Lazy<DeathWatch> s_instance = new(static () => new DeathWatch(), LazyThreadSafetyMode.ExecutionAndPublication);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _work = new(0);
    private readonly Queue<Action> _notices = [];
    private readonly List<Suspect> _suspects = [];

    private DeathWatch()
    {
        Thread thread = new(Run) { Name = "isthmus-deaths", IsBackground = true };
        thread.UnsafeStart();
    }

    /// <summary>Starts the thread, if it does not run yet.</summary>
    public static void Start() => _ = s_instance.Value;

    // Not on the thread pool, all of whose threads may wait for the very lock whose owner is dead.
    public static DeathWatch Instance => s_instance.Value;

    /// <summary>The bell of a process has lost its reader.</summary>
    public void OnHangUp(Guid bell) => Enqueue(() =>
    {
        foreach (Segment segment in Attachments.All)
        {
            Try(() => segment.OnHangUp(bell));
        }
    });

    /// <summary>Somebody has come to a segment.</summary>
    public void OnRosterChanged(Segment segment) => Enqueue(segment.WatchPeers);

    /// <summary>Asks about a participant now and again, until it is known to be dead or its slot has another occupant.</summary>
    public void Suspect(Suspect suspect)
    {
        lock (_lock)
        {
            if (_suspects.Contains(suspect))
            {
                return;
            }
            _suspects.Add(suspect);
        }
        _work.Release();
    }

    private void Run()
    {
        long looked = Stopwatch.GetTimestamp();
        while (true)
        {
            _work.Wait(HasSuspects ? s_interval : s_slowInterval);
            if (Stopwatch.GetElapsedTime(looked) >= s_slowInterval)
            {
                LookSlowly();
                looked = Stopwatch.GetTimestamp();
            }
            while (TryDequeue(out Action? notice))
            {
                Try(notice);
            }
            AskAgain();
        }
    }

    private bool HasSuspects
    {
        get
        {
            lock (_lock)
            {
                return _suspects.Count > 0;
            }
        }
    }

    // The kernel may lack memory or descriptors for a moment: then it is looked at once more, in a second at the latest. And somebody may have damaged
    // a segment: that is no reason to leave the others alone.
    private static void Try(Action look)
    {
        try
        {
            look();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or ObjectDisposedException)
        {
        }
    }

    // What no bell tells: somebody came who cannot see ours; a forked child keeps a dead process's bell open.
    private static void LookSlowly()
    {
        foreach (Segment segment in Attachments.All)
        {
            Try(() => segment.LookForTheDead());
        }
    }

    private void Enqueue(Action notice)
    {
        lock (_lock)
        {
            _notices.Enqueue(notice);
        }
        _work.Release();
    }

    private bool TryDequeue([NotNullWhen(true)] out Action? notice)
    {
        lock (_lock)
        {
            return _notices.TryDequeue(out notice);
        }
    }

    private void AskAgain()
    {
        Suspect[] suspects;
        lock (_lock)
        {
            suspects = [.. _suspects];
        }
        foreach (Suspect suspect in suspects)
        {
            Try(() => AskAgain(suspect));
        }
    }

    private void AskAgain(Suspect suspect)
    {
        if (suspect.IsSettledNow())
        {
            lock (_lock)
            {
                _suspects.Remove(suspect);
            }
        }
    }
}

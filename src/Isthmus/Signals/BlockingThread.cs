namespace Isthmus;

/// <summary>
/// A thread that blocks in system calls for those who await them: one for each wait, because the thread pool must never block.
/// An idle one is kept for a while for the next wait.
/// </summary>
internal sealed class BlockingThread
{
    private const int StackSize = 128 << 10;

    private static readonly Lock s_lock = new();
    private static readonly List<BlockingThread> s_idle = [];
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly object _gate = new();
    private readonly TaskCompletionSource<ThreadAlarm> _alarm = new();
    private IBlockingWork? _work;

    /// <summary>An idle thread, or a new one.</summary>
    /// <exception cref="PosixException"><c>EAGAIN</c> no more timers (RLIMIT_SIGPENDING).</exception>
    /// <exception cref="OutOfMemoryException">No more threads.</exception>
    public static BlockingThread Take()
    {
        lock (s_lock)
        {
            if (s_idle.Count > 0)
            {
                BlockingThread idle = s_idle[^1];
                s_idle.RemoveAt(s_idle.Count - 1);
                return idle;
            }
        }
        BlockingThread made = new();
        new Thread(made.Loop, StackSize) { Name = "isthmus-wait", IsBackground = true }.UnsafeStart();
        made._alarm.Task.GetAwaiter().GetResult();
        return made;
    }

    /// <summary>Gives the thread its work; called once by whoever has taken it.</summary>
    public void Run(IBlockingWork work)
    {
        lock (_gate)
        {
            _work = work;
            Monitor.Pulse(_gate);
        }
    }

    private void Loop()
    {
        ThreadAlarm alarm;
        try
        {
            alarm = ThreadAlarm.Current;
        }
#pragma warning disable CA1031 // Not swallowed: the one who takes the thread gets it.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _alarm.SetException(error);
            return;
        }
        using (alarm)
        {
            _alarm.SetResult(alarm);
            while (NextWork() is { } work)
            {
                work.Run(alarm);
                lock (s_lock)
                {
                    s_idle.Add(this);
                }
            }
        }
    }

    // Null when none came for a while.
    private IBlockingWork? NextWork()
    {
        lock (_gate)
        {
            while (_work is null)
            {
                if (!Monitor.Wait(_gate, s_patience) && TryRetire())
                {
                    return null;
                }
            }
            IBlockingWork work = _work;
            _work = null;
            return work;
        }
    }

    // A thread that is not idle was taken: its work is coming.
    private bool TryRetire()
    {
        lock (s_lock)
        {
            return s_idle.Remove(this);
        }
    }
}

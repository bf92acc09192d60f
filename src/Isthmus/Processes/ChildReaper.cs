using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>Keeps the promise that a child of ours leaves no zombie, whatever becomes of its
/// <see cref="ProcessHandle"/>.</summary>
internal static class ChildReaper
{
    // Each child that is still to be reaped, and its descriptor, which is kept open by this; a number that is in use again
    // has a new one.
    private static readonly ConcurrentDictionary<int, SafeFileHandle> s_children = new();

    // When the starts that are under way began: their children are not known yet.
    private static readonly List<long> s_births = [];

    private static readonly TimeSpan s_pauseWithoutLoop = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Tells whether somebody in this program will, or may, reap this child; the <c>Subreaper</c> leaves those alone. To be asked
    /// when the child was seen to exist: then a start that made it is still under way, or has added it.
    /// </summary>
    public static bool WillReap(int pid, long startTime)
    {
        lock (s_births)
        {
            if (s_births.Exists(birth => birth <= startTime))
            {
                return true;
            }
        }
        return s_children.ContainsKey(pid);
    }

    /// <summary>Announces a child that is about to be started; disposed once it was added, or is reaped, or never came.</summary>
    public static Expectation Expect(Birth birth)
    {
        lock (s_births)
        {
            s_births.Add(birth.BootTick);
        }
        return new Expectation(birth.BootTick);
    }

    public static void Add(int pid, SafeFileHandle pidfd) => s_children[pid] = pidfd;

    /// <summary>To be called when the child has been reaped.</summary>
    public static void Remove(int pid, SafeFileHandle pidfd)
    {
        s_children.TryRemove(new KeyValuePair<int, SafeFileHandle>(pid, pidfd));
        Guardian.LeaderReaped(pid);
    }

    /// <summary>Takes the descriptor over, waits in the event loop until the child has ended, and reaps it.</summary>
    public static void ReapLater(SafeFileHandle pidfd, int pid) => _ = ReapAsync(pidfd, pid);

    private static async Task ReapAsync(SafeFileHandle pidfd, int pid)
    {
        using (pidfd)
        {
            while (!await TryReapAsync(pidfd).ConfigureAwait(false))
            {
                await Task.Delay(s_pauseWithoutLoop).ConfigureAwait(false);
            }
            Remove(pid, pidfd);
        }
    }

    // False when the event loop cannot be had: no descriptor is left, say.
    private static async Task<bool> TryReapAsync(SafeFileHandle pidfd)
    {
        try
        {
            using FdWatch watch = new(pidfd, typeof(ProcessHandle));
            uint seen = 0;
            while (PidFd.TryWait(pidfd, 0, out _) == WaitOutcome.Running)
            {
                await watch.WaitAsync(Readiness.Readable, seen, CancellationToken.None).ConfigureAwait(false);
                seen = watch.Edges(Readiness.Readable);
            }
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>A start that is under way.</summary>
    public readonly struct Expectation(long birth) : IDisposable
    {
        public void Dispose()
        {
            lock (s_births)
            {
                s_births.Remove(birth);
            }
        }
    }
}

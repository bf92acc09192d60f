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

    /// <summary>Tells whether somebody in this program will reap this child; the <c>Subreaper</c> leaves those
    /// alone.</summary>
    public static bool WillReap(int pid) => s_children.ContainsKey(pid);

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
            using FdWatch watch = new(pidfd);
            while (PidFd.TryWait(pidfd, 0, out _) == WaitOutcome.Running)
            {
                await watch.WaitAsync(Readiness.Readable, CancellationToken.None).ConfigureAwait(false);
            }
            Remove(pid, pidfd);
        }
    }
}

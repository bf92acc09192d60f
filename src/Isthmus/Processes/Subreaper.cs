using System.Diagnostics;
using System.Threading.Channels;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// Makes this process the parent of all its descendants whose own parent dies, and reaps them when they end, so that no
/// zombie stays: what <c>init</c> does for the machine (<c>PR_SET_CHILD_SUBREAPER</c>, <c>prctl(2)</c>). One at a time
/// in a process. Thread-safe.
/// </summary>
/// <remarks>
/// Children of this program are left to whoever started them: those of this library are known, those of
/// <c>System.Diagnostics.Process</c> are reaped by it at once, and any other zombie is taken only after
/// <see cref="SubreaperOptions.Patience"/>, by its number and never by "any child".
/// Looks when SIGCHLD comes, and while a zombie is waiting for its time; a look without zombies is one system call.
/// </remarks>
public sealed class Subreaper : IAsyncDisposable
{
    private const int KeptEventsMax = 1024;
    private static int s_running;

    private readonly TimeSpan _patience;
    private readonly ChildSignal _signal = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<ReapedOrphan> _reaped = Channel.CreateBounded<ReapedOrphan>(
        new BoundedChannelOptions(KeptEventsMax) { FullMode = BoundedChannelFullMode.DropOldest, SingleWriter = true });

    // Zombies that may be orphans, and when each was seen first.
    private readonly Dictionary<ProcessIdentity, long> _suspects = [];
    private readonly bool _wasSubreaper;
    private readonly Task _loop;
    private long _count;

    private Subreaper(SubreaperOptions options)
    {
        _patience = options.Patience;
        _wasSubreaper = IsSet();
        Set(true);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>How many orphans were reaped.</summary>
    public long ReapedCount => Interlocked.Read(ref _count);

    /// <summary>Starts to adopt and reap; ends with <see cref="DisposeAsync"/>.</summary>
    /// <exception cref="InvalidOperationException">One is running in this process already.</exception>
    /// <exception cref="PlatformNotSupportedException">/proc is that of another pid namespace.</exception>
    public static Subreaper Start(SubreaperOptions? options = null)
    {
        _ = ProcFs.Of(LibC.getpid());
        if (Interlocked.Exchange(ref s_running, 1) != 0)
        {
            throw new InvalidOperationException("This process has a subreaper already.");
        }
        try
        {
            return new Subreaper(options ?? new SubreaperOptions());
        }
        catch
        {
            Volatile.Write(ref s_running, 0);
            throw;
        }
    }

    /// <summary>
    /// What was reaped, as it happens; ends with <see cref="DisposeAsync"/>. The last 1,024 are kept for a reader who
    /// comes late; each is given to one reader.
    /// </summary>
    public IAsyncEnumerable<ReapedOrphan> ReadAllAsync(CancellationToken cancellationToken = default) =>
        _reaped.Reader.ReadAllAsync(cancellationToken);

    /// <summary>
    /// Stops. The next orphans go to the next subreaper above, or to init; those adopted already stay children of this
    /// process.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }
        await _stop.CancelAsync().ConfigureAwait(false);
        try
        {
            await _loop.ConfigureAwait(false);
        }
        finally
        {
            _signal.Dispose();
            _stop.Dispose();
            Set(_wasSubreaper);
            Volatile.Write(ref s_running, 0);
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                TryReapOrphans();
                // Zombies in waiting are looked at four times in their time.
                TimeSpan pause = _suspects.Count == 0 ? TimeSpan.MaxValue : _patience / 4;
                await _signal.WaitAsync(pause, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            _reaped.Writer.Complete();
        }
        catch (Exception error)
        {
            _reaped.Writer.Complete(error);
            throw;
        }
    }

    // What failed may succeed at the next look, within a second: there may have been no descriptor left.
    private void TryReapOrphans()
    {
        try
        {
            ReapOrphans();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Nothing is lost: the zombies are still there then.
        }
    }

    private void ReapOrphans()
    {
        Dictionary<ProcessIdentity, ProcStat> zombies = HasZombie() ? Zombies() : [];
        foreach (ProcessIdentity gone in _suspects.Keys.Where(suspect => !zombies.ContainsKey(suspect)).ToArray())
        {
            _suspects.Remove(gone);
        }
        long now = Stopwatch.GetTimestamp();
        foreach ((ProcessIdentity zombie, ProcStat stat) in zombies)
        {
            if (Stopwatch.GetElapsedTime(_suspects.GetValueOrDefault(zombie, now), now) < _patience)
            {
                _suspects.TryAdd(zombie, now);
            }
            else
            {
                _suspects.Remove(zombie);
                Reap(zombie, stat);
            }
        }
    }

    private static Dictionary<ProcessIdentity, ProcStat> Zombies()
    {
        Dictionary<ProcessIdentity, ProcStat> zombies = [];
        foreach (int pid in ChildrenFile.Read(LibC.getpid()))
        {
            if (ProcStat.TryRead(ProcFs.Of(pid) + "/stat", out ProcStat stat) && stat.IsZombie
                && !ChildReaper.WillReap(pid, stat.StartTime))
            {
                zombies[ProcessIdentity.Of(pid, stat)] = stat;
            }
        }
        return zombies;
    }

    private void Reap(ProcessIdentity zombie, ProcStat stat)
    {
        // The descriptor is of exactly this zombie, or its owner came after all and has reaped it.
        if (!PidFd.TryOpen(zombie.Id, out SafeFileHandle? pidfd))
        {
            return;
        }
        using (pidfd)
        {
            if (ProcessIdentity.TryOf(zombie.Id, out ProcessIdentity now) && now == zombie
                && PidFd.TryWait(pidfd, 0, out ExitStatus status) == WaitOutcome.Ended)
            {
                status = status with { Elapsed = Clock.SinceBoot - ProcStat.Time(zombie.StartTime) };
                Interlocked.Increment(ref _count);
                _reaped.Writer.TryWrite(new ReapedOrphan(zombie, stat.Name, status));
            }
        }
    }

    private static unsafe bool HasZombie()
    {
        LibC.siginfo_t info = default;
        nint result = LibC.syscall_waitid(
            LibC.SYS_waitid, LibC.P_ALL, 0, &info, LibC.WEXITED | LibC.WNOHANG | LibC.WNOWAIT, null);
        return result == 0 && info.si_pid != 0;
    }

    private static bool IsSet()
    {
        LibC.Check(LibC.prctl(LibC.PR_GET_CHILD_SUBREAPER, out int value));
        return value != 0;
    }

    private static void Set(bool value) => LibC.Check(LibC.prctl(LibC.PR_SET_CHILD_SUBREAPER, value ? 1 : 0));
}

using System.Diagnostics;
using Isthmus.Native;

namespace Isthmus;

// Waiting. Any number of threads and tasks may wait; each look is taken under the lock, so that a child is reaped once
// and all get the same status.
public sealed partial class ProcessHandle
{
    // Of a process that is not our child the code is known once its parent has reaped it: mostly at once.
    private static readonly TimeSpan s_parentsTime = TimeSpan.FromMilliseconds(100);

    private readonly long _started;
    private ExitStatus? _status;

    // How many want the zombie kept when the process has ended, because it holds the group's number; and whether one is kept.
    private int _zombieKeepers;
    private bool _keptZombie;
    private FdWatch? _watch;

    /// <summary>True once it has ended, also while it is a zombie.</summary>
    public bool HasExited
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return Look(out _) != WaitOutcome.Running;
        }
    }

    private bool HasSettled
    {
        get
        {
            lock (_lock)
            {
                return _status is not null;
            }
        }
    }

    /// <summary>Blocks until the process has ended.</summary>
    /// <remarks>
    /// A child's status is always known, except when SIGCHLD is ignored or something else reaps it. Of another process
    /// the kernel tells the code once its parent has reaped it (Linux 6.15): this waits up to 100 ms for that, and
    /// gives <see cref="ExitStatus.Unknown"/> when the parent leaves a zombie; a later call may know more.
    /// </remarks>
    public ExitStatus Wait()
    {
        TryWait(Deadline.Never, out ExitStatus status);
        return status;
    }

    /// <summary>As <see cref="Wait"/>; false when the process still runs after <paramref name="timeout"/>.</summary>
    /// <param name="timeout">Zero looks once; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    /// <param name="status">How it ended.</param>
    public bool TryWait(TimeSpan timeout, out ExitStatus status) => TryWait(Deadline.After(timeout), out status);

    /// <summary>
    /// Completes when the process has ended, with the status that <see cref="Wait"/> gives. A cancelled wait changes
    /// nothing: the process goes on and can be waited for again.
    /// </summary>
    /// <exception cref="OperationCanceledException">
    /// <paramref name="cancellationToken"/> was cancelled first.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The handle was disposed, before or meanwhile.</exception>
    public ValueTask<ExitStatus> WaitAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<ExitStatus>(cancellationToken);
        }
        return Look(out ExitStatus status) == WaitOutcome.Ended
            ? new ValueTask<ExitStatus>(status)
            : WaitInLoopAsync(cancellationToken);
    }

    private bool TryWait(Deadline deadline, out ExitStatus status)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        while (true)
        {
            switch (Look(out status))
            {
                case WaitOutcome.Ended:
                    return true;
                case WaitOutcome.Unreaped:
                    WaitUntilReaped(deadline, out status);
                    return true;
            }
            if (deadline.HasPassed || !Poll.Wait(_pidfd, LibC.POLLIN, deadline))
            {
                return false;
            }
            if (Look(out status) == WaitOutcome.Running)
            {
                // A debugger that is not its parent holds the zombie; nothing can be waited for until it lets go.
                Thread.Sleep(1);
            }
        }
    }

    private void WaitUntilReaped(Deadline deadline, out ExitStatus status)
    {
        TimeSpan patience = deadline.IsNever || deadline.Remaining > s_parentsTime ? s_parentsTime : deadline.Remaining;
        // No event asked for: only the hang-up comes, and that when the process is reaped (kernel 6.9).
        Poll.Wait(_pidfd, 0, Deadline.After(patience));
        Look(out status);
    }

    private async ValueTask<ExitStatus> WaitInLoopAsync(CancellationToken cancellationToken)
    {
        FdWatch watch = Watch();
        while (true)
        {
            uint seen = watch.Edges(Readiness.Readable);
            switch (Look(out ExitStatus status))
            {
                case WaitOutcome.Ended:
                    return status;
                case WaitOutcome.Unreaped:
                    return await WaitUntilReapedAsync(watch, cancellationToken).ConfigureAwait(false);
            }
            // A child that a debugger holds is announced again when that lets go: the edge comes twice.
            await watch.WaitAsync(Readiness.Readable, seen, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<ExitStatus> WaitUntilReapedAsync(FdWatch watch, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_parentsTime);
        while (true)
        {
            uint seen = watch.Edges(Readiness.Readable);
            if (Look(out ExitStatus status) != WaitOutcome.Unreaped)
            {
                return status;
            }
            try
            {
                await watch.WaitAsync(Readiness.Readable, seen, patience.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return status;
            }
        }
    }

    // One look, never blocking. Ended is final; the others are as of now.
    private WaitOutcome Look(out ExitStatus status)
    {
        lock (_lock)
        {
            if (_status is { } known)
            {
                status = known;
                return WaitOutcome.Ended;
            }
            WaitOutcome outcome = PidFd.TryWait(_pidfd, Reaps ? 0 : LibC.WNOWAIT, out status);
            if (outcome == WaitOutcome.NotOurChild)
            {
                outcome = PidFd.HasExited(_pidfd) ? PidFd.GetExit(_pidfd, out status) : WaitOutcome.Running;
            }
            if (outcome == WaitOutcome.Ended)
            {
                status = Settle(status);
            }
            return outcome;
        }
    }

    private ExitStatus Settle(ExitStatus status)
    {
        status = status with { Elapsed = Elapsed() };
        _status = status;
        if (Reaps)
        {
            ChildReaper.Remove(Id, _pidfd);
        }
        _keptZombie = _reaps && !Reaps;
        return status;
    }

    // Once it is disposed nobody else would reap it.
    private bool Reaps => _reaps && (_zombieKeepers == 0 || _disposed);

    private void KeepZombie()
    {
        lock (_lock)
        {
            _zombieKeepers++;
        }
    }

    private void ReleaseZombie()
    {
        lock (_lock)
        {
            _zombieKeepers--;
            ReapKeptZombie();
        }
    }

    private void ReapKeptZombie()
    {
        if (_keptZombie && Reaps)
        {
            _keptZombie = false;
            PidFd.TryWait(_pidfd, 0, out _);
            ChildReaper.Remove(Id, _pidfd);
        }
    }

    // Of a child the start is known exactly, of others to the clock tick.
    private TimeSpan? Elapsed()
    {
        if (_reaps)
        {
            return Stopwatch.GetElapsedTime(_started);
        }
        return _identity is { } identity ? Clock.SinceBoot - ProcStat.Time(identity.StartTime) : null;
    }

    private FdWatch Watch()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _watch ??= new FdWatch(_pidfd, typeof(ProcessHandle));
        }
    }
}

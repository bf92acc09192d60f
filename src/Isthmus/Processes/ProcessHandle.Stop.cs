using Isthmus.Native;

namespace Isthmus;

// Ending a process, politely first.
public sealed partial class ProcessHandle
{
    private static readonly TimeSpan s_stopPollInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Asks the process to end (SIGTERM, and SIGCONT in case it is stopped), waits, and ends by SIGKILL what is left
    /// after the grace period; completes when the process has ended.
    /// </summary>
    /// <param name="gracePeriod">How long it may take to end by itself, from when it was asked; zero kills at once.</param>
    /// <param name="scope">
    /// Who is to end with it. The grace period holds for all of them, also when the process itself ends sooner.
    /// </param>
    /// <param name="cancellationToken">Stops the waiting; what was sent stays sent, and nothing more is.</param>
    /// <returns>How the process ended; as it had ended already, where it had.</returns>
    /// <exception cref="UnauthorizedAccessException">
    /// <c>EPERM</c> it belongs to another user, or one of its tree does; then all the others have been ended.
    /// </exception>
    /// <exception cref="InvalidOperationException">This process is in the tree.</exception>
    public async ValueTask<ExitStatus> StopAsync(
        TimeSpan gracePeriod, SignalScope scope = SignalScope.Process, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using Target target = new(this, scope);
        if (gracePeriod > TimeSpan.Zero || gracePeriod == Timeout.InfiniteTimeSpan)
        {
            target.Ask();
            // From when all were asked: to catch a tree takes its time.
            Deadline deadline = Deadline.After(gracePeriod);
            await WaitAtMostAsync(deadline, cancellationToken).ConfigureAwait(false);
            while (!deadline.HasPassed && target.IsLeft())
            {
                await Task.Delay(s_stopPollInterval, cancellationToken).ConfigureAwait(false);
            }
        }
        UnauthorizedAccessException? refused = target.Kill();
        ExitStatus status = await WaitAsync(cancellationToken).ConfigureAwait(false);
        return refused is null ? status : throw refused;
    }

    /// <summary>As <see cref="StopAsync"/>, blocking.</summary>
    /// <inheritdoc cref="StopAsync"/>
    public ExitStatus Stop(TimeSpan gracePeriod, SignalScope scope = SignalScope.Process)
    {
        using Target target = new(this, scope);
        if (gracePeriod > TimeSpan.Zero || gracePeriod == Timeout.InfiniteTimeSpan)
        {
            target.Ask();
            Deadline deadline = Deadline.After(gracePeriod);
            TryWait(deadline, out _);
            while (!deadline.HasPassed && target.IsLeft())
            {
                Thread.Sleep(s_stopPollInterval);
            }
        }
        UnauthorizedAccessException? refused = target.Kill();
        ExitStatus status = Wait();
        return refused is null ? status : throw refused;
    }

    private async ValueTask WaitAtMostAsync(Deadline deadline, CancellationToken cancellationToken)
    {
        if (deadline.IsNever)
        {
            await WaitAsync(cancellationToken).ConfigureAwait(false);
            return;
        }
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfterOrNever(deadline.Remaining);
        try
        {
            await WaitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The grace period is over.
        }
    }

    /// <summary>Who is to be stopped.</summary>
    private sealed class Target(ProcessHandle process, SignalScope scope) : IDisposable
    {
        private ProcessTree? _tree;
        private bool _keepsZombie;

        public void Ask()
        {
            switch (scope)
            {
                case SignalScope.Process:
                    process.Send(Signal.SIGTERM);
                    process.Send(Signal.SIGCONT);
                    break;
                case SignalScope.Group:
                    KeepGroupsNumber();
                    process.SendToGroup(Signal.SIGTERM);
                    process.SendToGroup(Signal.SIGCONT);
                    break;
                case SignalScope.Tree:
                    _tree = ProcessTree.Catch(process, stop: true);
                    // Whoever may not be signalled keeps none of the others frozen, or alive: Kill tells of it.
                    _tree.TrySend(Signal.SIGTERM);
                    _tree.TrySend(Signal.SIGCONT);
                    _tree.ThrowIfRootRefused();
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(scope), scope, null);
            }
        }

        public bool IsLeft() => scope switch
        {
            SignalScope.Group => process.HasGroup(),
            SignalScope.Tree => _tree!.IsLeft,
            _ => !process.HasExited,
        };

        /// <summary>Ends what is left; what could not be ended, because it belongs to another user, is returned as an error.</summary>
        public UnauthorizedAccessException? Kill()
        {
            switch (scope)
            {
                case SignalScope.Group:
                    process.SendToGroup(Signal.SIGKILL);
                    break;
                case SignalScope.Tree:
                    return KillTree();
                default:
                    process.Send(Signal.SIGKILL);
                    break;
            }
            return null;
        }

        public void Dispose()
        {
            _tree?.Dispose();
            if (_keepsZombie)
            {
                process.ReleaseZombie();
            }
        }

        // Where the kernel knows a group by its number only, the leader's zombie must hold that until all are killed.
        private void KeepGroupsNumber()
        {
            if (!process._pidfd.IsInvalid && !PidFd.CanSignalGroup(process._pidfd))
            {
                process.KeepZombie();
                _keepsZombie = true;
            }
        }

        // Each with what it has started since it was asked.
        private UnauthorizedAccessException? KillTree()
        {
            UnauthorizedAccessException? refused = null;
            foreach (ProcessHandle member in _tree?.Members ?? [process])
            {
                try
                {
                    member.SendToTree(Signal.SIGKILL);
                }
                catch (UnauthorizedAccessException error)
                {
                    refused = error;
                }
            }
            if (refused is not null)
            {
                process.Send(Signal.SIGKILL); // Refused for the root itself, this throws: nothing is to be waited for.
            }
            return refused;
        }
    }
}

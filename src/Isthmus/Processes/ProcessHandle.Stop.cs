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
    /// <param name="gracePeriod">How long it may take to end by itself; zero kills at once.</param>
    /// <param name="scope">
    /// Who is to end with it. The grace period holds for all of them, also when the process itself ends sooner.
    /// </param>
    /// <param name="cancellationToken">Stops the waiting; what was sent stays sent, and nothing more is.</param>
    /// <returns>How the process ended; as it had ended already, where it had.</returns>
    /// <exception cref="UnauthorizedAccessException"><c>EPERM</c> it belongs to another user.</exception>
    /// <exception cref="InvalidOperationException">This process is in the tree.</exception>
    public async ValueTask<ExitStatus> StopAsync(
        TimeSpan gracePeriod, SignalScope scope = SignalScope.Process, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using Target target = new(this, scope);
        Deadline deadline = Deadline.After(gracePeriod);
        if (gracePeriod > TimeSpan.Zero || gracePeriod == Timeout.InfiniteTimeSpan)
        {
            target.Ask();
            await WaitAtMostAsync(deadline, cancellationToken).ConfigureAwait(false);
            while (!deadline.HasPassed && target.IsLeft())
            {
                await Task.Delay(s_stopPollInterval, cancellationToken).ConfigureAwait(false);
            }
        }
        target.Kill();
        return await WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>As <see cref="StopAsync"/>, blocking.</summary>
    /// <inheritdoc cref="StopAsync"/>
    public ExitStatus Stop(TimeSpan gracePeriod, SignalScope scope = SignalScope.Process)
    {
        using Target target = new(this, scope);
        Deadline deadline = Deadline.After(gracePeriod);
        if (gracePeriod > TimeSpan.Zero || gracePeriod == Timeout.InfiniteTimeSpan)
        {
            target.Ask();
            TryWait(deadline, out _);
            while (!deadline.HasPassed && target.IsLeft())
            {
                Thread.Sleep(s_stopPollInterval);
            }
        }
        target.Kill();
        return Wait();
    }

    private async ValueTask WaitAtMostAsync(Deadline deadline, CancellationToken cancellationToken)
    {
        if (deadline.IsNever)
        {
            await WaitAsync(cancellationToken).ConfigureAwait(false);
            return;
        }
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // A timer's range is 49 days; a longer grace period is none.
        patience.CancelAfter(TimeSpan.FromTicks(Math.Min(deadline.Remaining.Ticks, TimeSpan.TicksPerDay * 49)));
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

        public void Ask()
        {
            switch (scope)
            {
                case SignalScope.Process:
                    process.Send(Signal.SIGTERM);
                    process.Send(Signal.SIGCONT);
                    break;
                case SignalScope.Group:
                    process.SendToGroup(Signal.SIGTERM);
                    process.SendToGroup(Signal.SIGCONT);
                    break;
                case SignalScope.Tree:
                    _tree = ProcessTree.Catch(process, stop: true);
                    _tree.Send(Signal.SIGTERM);
                    _tree.Send(Signal.SIGCONT);
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(scope), scope, null);
            }
        }

        public bool IsLeft() => scope switch
        {
            SignalScope.Group => process.HasGroup(),
            SignalScope.Tree => _tree!.Members.Any(member => !member.HasExited),
            _ => !process.HasExited,
        };

        public void Kill()
        {
            switch (scope)
            {
                case SignalScope.Group:
                    process.SendToGroup(Signal.SIGKILL);
                    break;
                case SignalScope.Tree:
                    KillTree();
                    break;
                default:
                    process.Send(Signal.SIGKILL);
                    break;
            }
        }

        public void Dispose() => _tree?.Dispose();

        // Each with what it has started since it was asked.
        private void KillTree()
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
                throw refused;
            }
        }
    }
}

namespace Isthmus;

/// <summary>
/// Programs side by side, each one's standard output the next one's standard input by a real pipe: <c>a | b | c</c>
/// without a
/// shell. The data never passes through this process.
/// </summary>
public sealed class Pipeline : IDisposable
{
    private Pipeline(IReadOnlyList<ChildProcess> stages) => Stages = stages;

    /// <summary>The processes, first to last. Input pipe of the first, output pipe of the last and error pipes are
    /// theirs.</summary>
    public IReadOnlyList<ChildProcess> Stages { get; }

    /// <summary>
    /// Starts the programs. What connects two of them overrides their options; all else is as each one's options say.
    /// When the first leads a new group, or
    /// any dies with its parent, all are in one group that the first leads.
    /// </summary>
    /// <exception cref="ArgumentException">There are fewer than two, or one asks for a session of its own.</exception>
    /// <remarks>When one cannot be started, those that run already are killed and reaped, and the error is that of
    /// <see cref="ChildProcess.Start(ChildProcessOptions)"/>.</remarks>
    public static Pipeline Start(params IEnumerable<ChildProcessOptions> stages)
    {
        ChildProcessOptions[] all = [.. stages];
        if (all.Length < 2 || Array.Exists(all, stage => stage.Group == ChildGroup.NewSession))
        {
            throw new ArgumentException("A pipeline has two programs or more, and all in one session.", nameof(stages));
        }
        // One guarded group for all.
        all[0] = all[0] with { DiesWithParent = Array.Exists(all, stage => stage.DiesWithParent) };
        List<ChildProcess> started = [];
        try
        {
            StartAll(all, started);
            return new Pipeline(started);
        }
        catch
        {
            foreach (ChildProcess child in started)
            {
                child.Kill();
                child.Wait();
                child.Dispose();
            }
            throw;
        }
    }

    /// <summary>Completes when all have ended; their statuses, first to last.</summary>
    public async ValueTask<IReadOnlyList<ExitStatus>> WaitAsync(CancellationToken cancellationToken = default)
    {
        ExitStatus[] statuses = new ExitStatus[Stages.Count];
        for (int i = 0; i < statuses.Length; i++)
        {
            statuses[i] = await Stages[i].WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        return statuses;
    }

    /// <summary>Blocks until all have ended; their statuses, first to last.</summary>
    public IReadOnlyList<ExitStatus> Wait() => [.. Stages.Select(stage => stage.Wait())];

    /// <summary>
    /// One status for all, as a shell's <c>pipefail</c> has it: that of the last program that did not end with 0, otherwise
    /// that of the last. A program whose reader went away ends by SIGPIPE, and counts.
    /// </summary>
    public static ExitStatus Combine(IReadOnlyList<ExitStatus> statuses)
    {
        ArgumentNullException.ThrowIfNull(statuses);
        return statuses.LastOrDefault(status => !status.IsSuccess, statuses[^1]);
    }

    /// <summary>Sends a signal to all that still run; false when none does.</summary>
    public bool Send(Signal signal)
    {
        bool sent = false;
        foreach (ChildProcess stage in Stages)
        {
            sent |= stage.Send(signal);
        }
        return sent;
    }

    /// <summary>Disposes of all; they go on.</summary>
    public void Dispose()
    {
        foreach (ChildProcess stage in Stages)
        {
            stage.Dispose();
        }
    }

    private static void StartAll(ChildProcessOptions[] stages, List<ChildProcess> started)
    {
        List<AnonymousPipe> pipes = [];
        try
        {
            while (pipes.Count < stages.Length - 1)
            {
                pipes.Add(AnonymousPipe.Create());
            }
            for (int i = 0; i < stages.Length; i++)
            {
                ChildProcessOptions stage = Connect(stages[i], pipes.ElementAtOrDefault(i - 1), pipes.ElementAtOrDefault(i));
                started.Add(ChildProcess.Start(JoinFirst(stage, stages[0], started)));
            }
        }
        finally
        {
            pipes.ForEach(pipe => pipe.Dispose());
        }
    }

    private static ChildProcessOptions Connect(ChildProcessOptions stage, AnonymousPipe? before, AnonymousPipe? after) => stage with
    {
        StandardInput = before is null ? stage.StandardInput : StandardStream.Handle(before.Reader.Handle),
        StandardOutput = after is null ? stage.StandardOutput : StandardStream.Handle(after.Writer.Handle),
    };

    private static ChildProcessOptions JoinFirst(ChildProcessOptions stage, ChildProcessOptions first, List<ChildProcess> started) =>
        first.LeadsGroup && started.Count > 0
            ? stage with { JoinGroup = started[0].Id, TakesTerminal = false, DiesWithParent = false }
            : stage;
}

namespace Isthmus.Inspection;

/// <summary>
/// Why a process is stuck: what each of its threads waits for, followed to the culprit. A pure function of a snapshot that holds
/// <see cref="SnapshotParts.All"/>.
/// </summary>
/// <remarks>
/// A deadlock is named only when nobody who can be seen could break it: threads that run, wait with a timeout, wait for something from outside
/// or may not be looked at are taken to go on, and so is a process when any of its threads is.
/// </remarks>
public sealed class Reason
{
    private Reason(ProcessNode process, IReadOnlyList<WaitChain> chains, int hiddenProcesses)
    {
        Process = process;
        Chains = chains;
        HiddenProcesses = hiddenProcesses;
    }

    /// <summary>The process.</summary>
    public ProcessNode Process { get; }

    /// <summary>
    /// A chain for each of its threads, in their order; then one for each object of Isthmus that it waits for without a thread that shows it:
    /// awaited, or in a thread that may not be looked at.
    /// </summary>
    public IReadOnlyList<WaitChain> Chains { get; }

    /// <summary>How many processes hide their descriptors; they may hold ends and locks, too.</summary>
    public int HiddenProcesses { get; }

    /// <summary>Explains one process; null when it was not there.</summary>
    /// <exception cref="ArgumentException">The snapshot does not hold what it takes.</exception>
    public static Reason? Of(Snapshot snapshot, int processId)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if ((snapshot.Options.Parts & SnapshotParts.All) != SnapshotParts.All)
        {
            throw new ArgumentException("Why a process waits can be told only from a snapshot with SnapshotParts.All.", nameof(snapshot));
        }
        if (snapshot.FindProcess(processId) is not { } process)
        {
            return null;
        }
        ChainFollower follower = new(snapshot);
        return new Reason(
            process,
            [.. process.Threads.Select(thread => follower.Follow(process, thread)), .. follower.FollowAwaited(process)],
            snapshot.Processes.Count(each => (each.NotPermitted & SnapshotParts.Descriptors) != 0));
    }

    /// <summary>All deadlocks in a snapshot, each circle once.</summary>
    /// <inheritdoc cref="Of"/>
    public static IReadOnlyList<WaitChain> FindDeadlocks(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ChainFollower follower = new(snapshot);
        HashSet<int> seen = [];
        List<WaitChain> deadlocks = [];
        foreach (ProcessNode process in snapshot.Processes)
        {
            foreach (ThreadNode thread in process.Threads.Where(each => !seen.Contains(each.Id)))
            {
                WaitChain chain = follower.Follow(process, thread);
                if (chain.End == WaitEnd.Deadlock && chain.Cycle[0].Thread == thread)
                {
                    deadlocks.Add(chain);
                    seen.UnionWith(chain.Cycle.Select(step => step.Thread!.Id));
                }
            }
        }
        return deadlocks;
    }

    /// <summary>
    /// All circles in a snapshot that may be deadlocks (<see cref="WaitEnd.Circle"/>), each once: processes that await each other's objects of Isthmus, or wait
    /// for them in threads that may not be looked at.
    /// </summary>
    /// <inheritdoc cref="Of"/>
    public static IReadOnlyList<WaitChain> FindCircles(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ChainFollower follower = new(snapshot);
        HashSet<(NodeId, NodeId)> seen = [];
        List<WaitChain> circles = [];
        foreach (WaitChain chain in snapshot.Processes.SelectMany(follower.FollowAwaited))
        {
            if (chain.End == WaitEnd.Circle && chain.Cycle.Count == chain.Steps.Count && !seen.Contains(WaitOf(chain.Steps[0])))
            {
                circles.Add(chain);
                seen.UnionWith(chain.Cycle.Select(WaitOf));
            }
        }
        return circles;
    }

    private static (NodeId Process, NodeId Object) WaitOf(WaitStep step) => (step.Process.Node, step.Object!.Id);

    /// <summary>
    /// Of every thread in a snapshot that does not go on by itself the chain that says why: it ends with a deadlock, with somebody stopped, or
    /// with a mutex whose owner has ended.
    /// </summary>
    /// <inheritdoc cref="Of"/>
    public static IReadOnlyList<WaitChain> FindStuck(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ChainFollower follower = new(snapshot);
        return
        [
            .. from process in snapshot.Processes
               from thread in process.Threads
               where follower.IsStuck(thread)
               select follower.Follow(process, thread),
        ];
    }
}

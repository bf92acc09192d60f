namespace Isthmus.Inspection;

/// <summary>
/// Decides which threads can go on. A thread can when it does not wait, when its wait is open (time, outside, unknown), or when who has to act can:
/// the least fixed point of that rule, so circles that only hold themselves up are left out.
/// </summary>
internal sealed class WaitSolver
{
    private readonly Snapshot _snapshot;
    private readonly Dictionary<int, IReadOnlyList<Obstacle>> _obstacles = [];

    // Processes that await something without a thread: what follows then may be anything.
    private readonly HashSet<NodeId> _awaiting;

    // Who can go on, and who could if all that is stopped were continued: the difference waits for somebody stopped, the rest for each other.
    private readonly HashSet<int> _going;
    private readonly HashSet<int> _goingIfContinued;

    public WaitSolver(Snapshot snapshot, ObstacleFinder finder)
    {
        _snapshot = snapshot;
        foreach (ProcessNode process in snapshot.Processes)
        {
            foreach (ThreadNode thread in process.Threads)
            {
                _obstacles[thread.Id] = finder.Find(process, thread);
            }
        }
        _awaiting = [.. snapshot.Edges.Where(ObstacleFinder.IsAwaited).Select(edge => edge.From)];
        _going = Solve(stoppedGoOn: false);
        _goingIfContinued = Solve(stoppedGoOn: true);
    }

    /// <summary>It waits for somebody who will not act: a circle that it is in or hangs on, or somebody stopped.</summary>
    public bool IsStuck(ThreadNode thread) => !_going.Contains(thread.Id) && thread.Wait.Kind is not (WaitKind.Stopped or WaitKind.Zombie);

    /// <summary>Whoever could end a wait will not act, which is why somebody waits.</summary>
    public bool IsStuck(WaitHolder holder) => !CanGoOn(holder, _going);

    /// <summary>Also when all who are stopped go on.</summary>
    public bool IsStuckForGood(ThreadNode thread) => !_goingIfContinued.Contains(thread.Id) && thread.Wait.Kind != WaitKind.Zombie;

    /// <inheritdoc cref="IsStuckForGood(ThreadNode)"/>
    public bool IsStuckForGood(WaitHolder holder) => !CanGoOn(holder, _goingIfContinued);

    /// <summary>What is in a thread's way.</summary>
    public IReadOnlyList<Obstacle> ObstaclesOf(ThreadNode thread) => _obstacles[thread.Id];

    private HashSet<int> Solve(bool stoppedGoOn)
    {
        HashSet<int> going = [];
        bool changed = true;
        while (changed)
        {
            changed = false;
            foreach (ProcessNode process in _snapshot.Processes)
            {
                foreach (ThreadNode thread in process.Threads)
                {
                    changed |= !going.Contains(thread.Id) && CanGoOn(thread, going, stoppedGoOn) && going.Add(thread.Id);
                }
            }
        }
        return going;
    }

    private bool CanGoOn(ThreadNode thread, HashSet<int> going, bool stoppedGoOn)
    {
        switch (thread.Wait.Kind)
        {
            case WaitKind.Stopped:
                return stoppedGoOn;
            case WaitKind.Zombie:
            case WaitKind.Mutex when thread.Wait.HasOwnerEnded:
                return false;
            case WaitKind.FileLock:
            case WaitKind.Child:
            case WaitKind.ProgramStart:
            case WaitKind.Mutex:
            case WaitKind.ThreadEnd:
            case WaitKind.Read:
            case WaitKind.Write:
            case WaitKind.Poll:
            case WaitKind.Connect:
            case WaitKind.Segment:
                IReadOnlyList<Obstacle> obstacles = _obstacles[thread.Id];
                return thread.Wait.HasTimeout || thread.Wait.IsIncomplete || obstacles.Count == 0
                    || (thread.Wait.Kind == WaitKind.FileLock
                        ? obstacles.All(each => EndsWith(each, going))
                        : obstacles.Any(each => EndsWith(each, going)));
            default:
                return true;
        }
    }

    // Holders that are not there are those that cannot be seen: they may go on.
    private bool EndsWith(Obstacle obstacle, HashSet<int> going) => obstacle.IsOpen || obstacle.Holders.Count == 0
        || (obstacle.NeedsAll ? obstacle.Holders.All(holder => CanGoOn(holder, going)) : obstacle.Holders.Any(holder => CanGoOn(holder, going)));

    // A process whose threads were not read may do anything. One that is a zombie has ended: whoever waits for that, goes on.
    private bool CanGoOn(WaitHolder holder, HashSet<int> going) => holder.ThreadId is { } id
        ? going.Contains(id) || !holder.Process.Threads.Any(each => each.Id == id)
        : holder.Process.Threads.Count == 0 || holder.Process is { State: ThreadRunState.Zombie, Threads.Count: 1 }
            || holder.Process.Threads.Any(each => going.Contains(each.Id) && MayAct(each)) || _awaiting.Contains(holder.Process.Node);

    // The runtime's threads release nothing of the program's by themselves; the event loop does, when it watches more than bells and its own.
    private bool MayAct(ThreadNode thread) => !thread.IsRuntime || (thread.Wait.Kind == WaitKind.Poll && thread.Wait.Targets.Any(target =>
        target.Node.Kind is not (NodeKind.EventFd or NodeKind.PidFd) && _snapshot.FindObject(target.Node) is { IsRuntime: false }));
}

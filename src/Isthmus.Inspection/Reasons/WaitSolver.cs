namespace Isthmus.Inspection;

/// <summary>
/// Decides which threads can go on, and follows those that cannot. A thread can when it does not wait, when its wait is open (time, outside,
/// unknown), or when who has to act can: the least fixed point of that rule, so circles that only hold themselves up are left out.
/// </summary>
internal sealed class WaitSolver
{
    private readonly Snapshot _snapshot;
    private readonly ObstacleFinder _finder;
    private readonly Dictionary<int, IReadOnlyList<Obstacle>> _obstacles = [];

    // Processes that await something without a thread: what follows then may be anything.
    private readonly HashSet<NodeId> _awaiting;

    // Who can go on, and who could if all that is stopped were continued: the difference waits for somebody stopped, the rest for each other.
    private readonly HashSet<int> _going;
    private readonly HashSet<int> _goingIfContinued;

    public WaitSolver(Snapshot snapshot)
    {
        _snapshot = snapshot;
        _finder = new ObstacleFinder(snapshot);
        foreach (ProcessNode process in snapshot.Processes)
        {
            foreach (ThreadNode thread in process.Threads)
            {
                _obstacles[thread.Id] = _finder.Find(process, thread);
            }
        }
        _awaiting = [.. snapshot.Edges.Where(ObstacleFinder.IsAwaited).Select(edge => edge.From)];
        _going = Solve(stoppedGoOn: false);
        _goingIfContinued = Solve(stoppedGoOn: true);
    }

    /// <summary>It waits for somebody who will not act: a circle that it is in or hangs on, or somebody stopped.</summary>
    public bool IsStuck(ThreadNode thread) => !_going.Contains(thread.Id) && thread.Wait.Kind is not (WaitKind.Stopped or WaitKind.Zombie);

    public WaitChain Follow(ProcessNode process, ThreadNode? thread)
    {
        List<WaitStep> steps = [];
        while (true)
        {
            int seen = steps.FindIndex(step => thread is not null && step.Thread == thread);
            if (seen >= 0)
            {
                return new WaitChain { Steps = steps, End = WaitEnd.Deadlock, Cycle = steps[seen..], Culprit = process };
            }
            IReadOnlyList<Obstacle> obstacles = thread is null ? [] : _obstacles[thread.Id];
            (Obstacle Obstacle, WaitHolder Holder)? next = Choose(thread, obstacles, steps);
            steps.Add(StepOf(process, thread, next?.Obstacle ?? (obstacles.Count > 0 ? obstacles[0] : null), next?.Holder));
            if (next is null)
            {
                return new WaitChain { Steps = steps, End = EndOf(thread, obstacles), Culprit = process };
            }
            process = next.Value.Holder.Process;
            thread = ThreadOf(next.Value.Holder);
        }
    }

    /// <summary>What a process awaits without a thread that shows it.</summary>
    public IEnumerable<WaitChain> FollowAwaited(ProcessNode process)
    {
        foreach (Obstacle obstacle in _finder.FindAwaited(process))
        {
            WaitHolder? holder = obstacle.Holders.FirstOrDefault(each => each.Process != process);
            WaitStep first = StepOf(process, null, obstacle, holder);
            if (holder is null)
            {
                yield return new WaitChain { Steps = [first], End = WaitEnd.Outside, Culprit = process };
                continue;
            }
            WaitChain rest = Follow(holder.Process, ThreadOf(holder));
            yield return rest with { Steps = [first, .. rest.Steps] };
        }
    }

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

    // The one to follow: of a deadlock who is part of it, else who is stopped or waits for one that is, else the first, unless it was seen.
    private (Obstacle Obstacle, WaitHolder Holder)? Choose(ThreadNode? thread, IReadOnlyList<Obstacle> obstacles, List<WaitStep> steps)
    {
        (Obstacle Obstacle, WaitHolder Holder)[] all = [.. from obstacle in obstacles from holder in obstacle.Holders select (obstacle, holder)];
        if (all.Length == 0 || thread is null)
        {
            return null;
        }
        if (thread.Wait.Kind != WaitKind.Zombie && !_goingIfContinued.Contains(thread.Id))
        {
            return all.First(each => !CanGoOn(each.Holder, _goingIfContinued));
        }
        if (thread.Wait.Kind != WaitKind.Zombie && !_going.Contains(thread.Id))
        {
            return all.FirstOrDefault(each => IsStopped(each.Holder), all.First(each => !CanGoOn(each.Holder, _going)));
        }
        // Nobody is stuck; the story ends rather than to go round.
        return all.Select(each => ((Obstacle, WaitHolder)?)each)
            .FirstOrDefault(each => !steps.Exists(step => step.Process == each!.Value.Item2.Process) && thread != ThreadOf(each!.Value.Item2));
    }

    private static bool IsStopped(WaitHolder holder) => holder.Process.State is ThreadRunState.Stopped or ThreadRunState.Traced;

    // Of several threads the one that has the story to tell: who is stuck, else the main thread.
    private ThreadNode? ThreadOf(WaitHolder holder)
    {
        IReadOnlyList<ThreadNode> threads = holder.Process.Threads;
        return threads.FirstOrDefault(each => each.Id == holder.ThreadId)
            ?? threads.FirstOrDefault(each => !_goingIfContinued.Contains(each.Id) && each.Wait.Kind != WaitKind.Zombie && !each.IsRuntime)
            ?? threads.FirstOrDefault(each => !_going.Contains(each.Id) && each.Wait.Kind != WaitKind.Zombie && !each.IsRuntime)
            ?? threads.FirstOrDefault(each => each.Wait.Kind == WaitKind.None && !each.IsRuntime)
            ?? threads.FirstOrDefault(each => each.Wait.Kind != WaitKind.Zombie)
            ?? (threads.Count > 0 ? threads[0] : null);
    }

    private WaitStep StepOf(ProcessNode process, ThreadNode? thread, Obstacle? obstacle, WaitHolder? next) => new()
    {
        Process = process,
        Thread = thread,
        Target = obstacle?.Target,
        Object = obstacle?.Target is { } target ? _snapshot.FindObject(target.Node) : null,
        Holders = next is null ? obstacle?.Holders ?? [] : [next, .. obstacle!.Holders.Where(each => each != next)],
    };

    private static WaitEnd EndOf(ThreadNode? thread, IReadOnlyList<Obstacle> obstacles) => thread?.Wait.Kind switch
    {
        null => WaitEnd.Unknown,
        WaitKind.Mutex when thread.Wait.HasOwnerEnded => WaitEnd.OwnerEnded,
        WaitKind.None => WaitEnd.Runs,
        WaitKind.Stopped => WaitEnd.Stopped,
        WaitKind.Zombie => WaitEnd.Ended,
        WaitKind.Time => WaitEnd.Sleeps,
        WaitKind.NotPermitted => WaitEnd.NotPermitted,
        WaitKind.Signal or WaitKind.Accept or WaitKind.Receive or WaitKind.Send or WaitKind.Semaphore or WaitKind.OpenFifo
            or WaitKind.Segment => WaitEnd.Outside,
        WaitKind.Futex or WaitKind.Mutex or WaitKind.ThreadEnd or WaitKind.Other => WaitEnd.Unknown,
        WaitKind.FileLock => WaitEnd.NobodySeen,
        _ when obstacles.Any(each => each.IsOpen) => WaitEnd.Outside,
        _ when obstacles.Count == 0 => WaitEnd.Unknown,
        _ when obstacles.All(each => each.Holders.Count == 0) => WaitEnd.NobodySeen,
        _ => WaitEnd.Outside,
    };
}

namespace Isthmus.Inspection;

/// <summary>Follows who waits from holder to holder, until one does not wait, or the chain closes.</summary>
internal sealed class ChainFollower
{
    private readonly Snapshot _snapshot;
    private readonly ObstacleFinder _finder;
    private readonly WaitSolver _solver;

    public ChainFollower(Snapshot snapshot)
    {
        _snapshot = snapshot;
        _finder = new ObstacleFinder(snapshot);
        _solver = new WaitSolver(snapshot, _finder);
    }

    /// <inheritdoc cref="WaitSolver.IsStuck(ThreadNode)"/>
    public bool IsStuck(ThreadNode thread) => _solver.IsStuck(thread);

    public WaitChain Follow(ProcessNode process, ThreadNode thread) => Follow(new Place(process, thread, null));

    /// <summary>What a process awaits without a thread that shows it.</summary>
    public IEnumerable<WaitChain> FollowAwaited(ProcessNode process) =>
        _finder.FindAwaited(process).Select(awaited => Follow(new Place(process, null, awaited)));

    private WaitChain Follow(Place place)
    {
        List<WaitStep> steps = [];
        while (true)
        {
            (ProcessNode process, ThreadNode? thread, Obstacle? awaited) = place;
            int seen = steps.FindIndex(step => thread is not null && step.Thread == thread);
            if (seen >= 0)
            {
                return new WaitChain { Steps = steps, End = WaitEnd.Deadlock, Cycle = steps[seen..], Culprit = process };
            }
            IReadOnlyList<Obstacle> obstacles = awaited is not null ? [awaited] : thread is null ? [] : _solver.ObstaclesOf(thread);
            if (Choose(place, obstacles, steps) is not { } next)
            {
                return Close(place, obstacles, steps) ?? new WaitChain
                {
                    Steps = [.. steps, StepOf(place, obstacles.Count > 0 ? obstacles[0] : null, null)],
                    End = awaited is not null ? WaitEnd.Outside : EndOf(thread, obstacles),
                    Culprit = process,
                };
            }
            steps.Add(StepOf(place, next.Obstacle, next.Holder));
            place = PlaceOf(next.Holder, steps);
        }
    }

    // The one to follow: of a deadlock who is part of it, else who is stopped or waits for one that is, else the first, unless it was seen.
    private (Obstacle Obstacle, WaitHolder Holder)? Choose(Place place, IReadOnlyList<Obstacle> obstacles, List<WaitStep> steps)
    {
        (Obstacle Obstacle, WaitHolder Holder)[] all = [.. from obstacle in obstacles from holder in obstacle.Holders select (obstacle, holder)];
        if (all.Length > 0 && place.Thread is { } thread && IsStuck(thread))
        {
            return _solver.IsStuckForGood(thread)
                ? all.First(each => _solver.IsStuckForGood(each.Holder))
                : all.FirstOrDefault(each => IsStopped(each.Holder), all.First(each => _solver.IsStuck(each.Holder)));
        }
        // Nobody is stuck for sure; the story ends rather than to go round.
        return all.Select(each => ((Obstacle, WaitHolder)?)each).FirstOrDefault(each => each!.Value.Item2 is var holder
            && !steps.Exists(step => step.Process == holder.Process)
            && (place.Thread is null ? holder.Process != place.Process : place.Thread != ThreadOf(holder)));
    }

    // A chain that comes back to a process, by way of something that no thread shows.
    private WaitChain? Close(Place last, IReadOnlyList<Obstacle> obstacles, List<WaitStep> steps)
    {
        foreach (Obstacle obstacle in obstacles)
        {
            foreach (WaitHolder holder in obstacle.Holders)
            {
                int seen = steps.FindIndex(step => step.Process == holder.Process);
                WaitStep[] circle = seen < 0 ? [] : [.. steps[seen..], StepOf(last, obstacle, holder)];
                if (circle.Any(step => step.Thread is null) && circle.All(IsHeldUp))
                {
                    return new WaitChain { Steps = [.. steps[..seen], .. circle], End = WaitEnd.Circle, Cycle = circle, Culprit = holder.Process };
                }
            }
        }
        return null;
    }

    // As far as can be seen: of the permits of a semaphore any one would do.
    private static bool IsHeldUp(WaitStep step) =>
        step.Thread is null or { Wait: { Kind: WaitKind.Segment or WaitKind.FileLock, HasTimeout: false } }
        && (step.Holders.Count == 1 || step.Object is not SegmentNode { SegmentKind: "semaphore" })
        && step.Process.Threads.All(each => each.IsRuntime || TellsNothing(each) || each.Wait.Kind is WaitKind.Segment or WaitKind.FileLock);

    // So it is with a thread that waits for a task.
    private static bool TellsNothing(ThreadNode thread) => thread.Wait.Kind is WaitKind.Futex or WaitKind.NotPermitted;

    private Place PlaceOf(WaitHolder holder, List<WaitStep> steps)
    {
        ThreadNode? thread = ThreadOf(holder);
        if (holder.ThreadId is not null || (thread is not null && !TellsNothing(thread)) || steps.Exists(step => step.Process == holder.Process))
        {
            return new Place(holder.Process, thread, null);
        }
        Obstacle[] awaited = [.. _finder.FindAwaited(holder.Process).Where(each => each.Holders.Any(other => other.Process != holder.Process))];
        Obstacle? chosen = awaited.FirstOrDefault(each => each.Holders.Any(other => steps.Exists(step => step.Process == other.Process)))
            ?? awaited.FirstOrDefault();
        return new Place(holder.Process, chosen is null ? thread : null, chosen);
    }

    private static bool IsStopped(WaitHolder holder) => holder.Process.State is ThreadRunState.Stopped or ThreadRunState.Traced;

    // Of several threads the one that has the story to tell: who is stuck, who runs, who waits for an object of Isthmus, else the main thread.
    private ThreadNode? ThreadOf(WaitHolder holder)
    {
        IReadOnlyList<ThreadNode> threads = holder.Process.Threads;
        return threads.FirstOrDefault(each => each.Id == holder.ThreadId)
            ?? threads.FirstOrDefault(each => _solver.IsStuckForGood(each) && !each.IsRuntime)
            ?? threads.FirstOrDefault(each => (IsStuck(each) || each.Wait.Kind == WaitKind.Stopped) && !each.IsRuntime)
            ?? threads.FirstOrDefault(each => each.Wait.Kind == WaitKind.None && !each.IsRuntime)
            ?? threads.FirstOrDefault(each => each.Wait.Kind == WaitKind.Segment && TellsNothing(threads[0]))
            ?? threads.FirstOrDefault(each => each.Wait.Kind != WaitKind.Zombie)
            ?? (threads.Count > 0 ? threads[0] : null);
    }

    private WaitStep StepOf(Place place, Obstacle? obstacle, WaitHolder? next) => new()
    {
        Process = place.Process,
        Thread = place.Thread,
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

    // Where a chain has come to: a thread, or what a process waits for in a way that no thread shows.
    private readonly record struct Place(ProcessNode Process, ThreadNode? Thread, Obstacle? Awaited);
}

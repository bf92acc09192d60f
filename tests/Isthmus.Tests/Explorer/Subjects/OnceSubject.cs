namespace Isthmus.Tests.Explorer;

/// <summary>
/// Something to be run once. Promises: one runs it at a time; one run completes; whoever finds it done sees what the runs did; each runner is told
/// how the run before it ended.
/// </summary>
internal sealed class OnceSubject : Subject
{
    private const int Data = StateLayout.WordsPerLine;

    // Local of a thread: the word that its run began with.
    private const int Begun = 0;

    // Ghosts: a bit for each thread that runs it; how the last run ended that did not complete it; how many runs changed the data.
    private const int Running = 0;
    private const int Earlier = 1;
    private const int Changes = 2;

    public OnceSubject()
    {
        Word(OnceWord.Word, "once", 0, Show);
        Word(Data, "data");
    }

    public static Suite Suite
    {
        get
        {
            OnceSubject once = new();
            Routine bells = once.Runner with { Waiters = Waiters.Bells };
            return new Suite(
                "once",
                Whole:
                [
                    new Scenario(once, [once.Runner with { Rounds = 2 }], [once.Runner with { Rounds = 2 }]) { Crashes = 1, Occupant = once.Runner },
                    new Scenario(once, [once.Thrower], [once.Runner]) { Crashes = 1, Occupant = once.Runner },
                    new Scenario(once, [once.Thrower], [bells, once.Runner]) { Crashes = 1 },
                ],
                Sampled:
                [
                    new Scenario(once, [once.Runner], [bells], [once.Thrower], [once.Thrower, bells]) { Crashes = 2, Occupant = once.Runner },
                    new Scenario(once, [once.Thrower with { Rounds = 2 }, once.Runner], [bells], [once.Thrower], [])
                    {
                        Crashes = 3, Occupant = bells, Spins = 1,
                    },
                ]);
        }
    }

    public Instruction Begin { get; init; } = Instruction.Run(
        me => new PassGate<OnceGate>(new OnceGate(me.Slot), me.Waiters), (me, begin) => Came(me, begin.Passed, begin.Word));

    public Instruction Change { get; } = Instruction.Run(me => new Increment(Data), (me, change) => Changed(me, change.Found));

    public Instruction Complete { get; init; } = Instruction.Run(
        me => Ending(me, completed: true), (me, end) => me.Check(end.Changed, "was not the runner in the end"));

    public Instruction Fail { get; init; } = Instruction.Run(
        me => Ending(me, completed: false), (me, end) => me.Check(end.Changed, "was not the runner in the end"));

    public Instruction See { get; } = Instruction.Run(
        me => new Access(AccessKind.Load, Data, 0), (me, see) => me.Check(see.Found == me.World.Ghost(Changes), "does not see what was done"));

    public override Instruction Recovery { get; init; } = Instruction.Run(me => new OnceRecovery(me.Victim, me.IsProven));

    public override int Ghosts => 3;

    /// <summary>Runs it unless it is done or it gives up.</summary>
    public Routine Runner => new("runner", Begin.Timed(), Change, Complete, See);

    /// <summary>The same, but what it runs throws.</summary>
    public Routine Thrower => new("thrower", Begin.Timed(), Change, Fail);

    public static ulong BegunBy(Actor me) => me[Begun];

    public static void Came(Actor me, bool passed, ulong word)
    {
        if (!passed)
        {
            me.Check(me.IsWithdrawn, "gave up by itself");
            me.End();
        }
        else if (OnceWord.IsDone(word))
        {
            me.Check(me.World.Ghost(Running) == 0, "found it done while it runs");
            me.Skip(2);
        }
        else
        {
            me.Check(me.World.Ghost(Running) == 0, "runs it while another does");
            me.Check(OnceWord.EarlierOf(word) == (OnceAttempt)me.World.Ghost(Earlier), $"was told {OnceWord.EarlierOf(word)}");
            me.Check(!OnceWord.IsDone(me.World.Peek(OnceWord.Word)), "runs what is done");
            me.World.Ghost(Running) |= 1UL << me.Thread;
            me[Begun] = word;
        }
    }

    public override void Crashed(World world, int slot)
    {
        if (OnceWord.IsRunBy(world.Peek(OnceWord.Word), slot))
        {
            world.Ghost(Running) = 0;
            world.Ghost(Earlier) = (ulong)OnceAttempt.AfterDeath;
        }
    }

    public override void CheckAtRest(World world)
    {
        if (OnceWord.IsRunning(world.Peek(OnceWord.Word)))
        {
            world.Fail("in the end somebody runs it");
        }
    }

    private static void Changed(Actor me, ulong found) =>
        me.Check(found == me.World.Ghost(Changes)++, "did not see what was done before");

    // From now on it is about to end.
    private static ChangeWord<OnceEnd> Ending(Actor me, bool completed)
    {
        me.World.Ghost(Running) &= ~(1UL << me.Thread);
        if (!completed)
        {
            me.World.Ghost(Earlier) = (ulong)OnceAttempt.AfterFailure;
        }
        return new(new OnceEnd(me[Begun], completed));
    }

    private static string Show(ulong word)
    {
        string state = OnceWord.IsDone(word) ? "done" : OnceWord.IsRunning(word) ? $"p{OnceWord.RunnerOf(word)}" : "free";
        return $"#{OnceWord.GenerationOf(word)} {state} {OnceWord.EarlierOf(word)} {WaiterFlags.Of(word)}";
    }
}

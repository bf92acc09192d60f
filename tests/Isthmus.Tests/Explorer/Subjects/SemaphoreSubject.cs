namespace Isthmus.Tests.Explorer;

/// <summary>
/// The plain semaphore. Promises: no more are inside than it counted at first; nobody waits while it counts; when nobody died it ends as it began.
/// </summary>
internal sealed class SemaphoreSubject : Subject
{
    // Ghost: how many are inside; who died there counts still.
    private const int Inside = 0;

    private readonly int _initial;

    public SemaphoreSubject(int initial, bool isFair = false)
    {
        _initial = initial;
        Word(SemaphoreWord.Word, "semaphore", SemaphoreWord.Initial(initial), Show);
        if (isFair)
        {
            Word(MutexWord.Word, "turn");
            SlotWord(0, "queue");
        }
    }

    public static Suite Suite
    {
        get
        {
            SemaphoreSubject one = new(1), none = new(0), two = new(2);
            Routine worker = one.Worker with { Rounds = 2 };
            Routine bells = worker with { Waiters = Waiters.Bells };
            Routine taker = none.Taker with { Rounds = 2 };
            return new Suite(
                "semaphore",
                Whole:
                [
                    new Scenario(one, [worker], [worker]) { Crashes = 1, Occupant = one.Worker },
                    new Scenario(one, [worker], [bells]) { Crashes = 1 },
                    new Scenario(none, [none.Taker], [Giver with { Rounds = 2 }], [none.Taker]) { HasSpuriousWakes = false },
                    new Scenario(none, [none.Taker], [GiverOfTwo], [none.Taker with { Waiters = Waiters.Bells }]) { HasSpuriousWakes = false },
                ],
                Sampled:
                [
                    new Scenario(two, [worker], [bells], [worker], [worker, bells]) { Crashes = 2, Occupant = worker },
                    new Scenario(none, [taker, Giver], [Giver, none.Taker with { Waiters = Waiters.Bells }], [taker], [GiverOfTwo])
                    {
                        Crashes = 1, Occupant = Giver, Spins = 1,
                    },
                ]);
        }
    }

    public static Suite FairSuite
    {
        get
        {
            SemaphoreSubject one = Fair(1), none = Fair(0), two = Fair(2);
            Routine worker = two.Worker with { Rounds = 2 };
            Routine bells = worker with { Waiters = Waiters.Bells };
            return new Suite(
                "fair semaphore",
                Whole:
                [
                    new Scenario(one, [one.Worker], [one.Worker]) { Crashes = 1 },
                    new Scenario(one, [one.Worker], [one.Worker with { Waiters = Waiters.Bells }]),
                    new Scenario(none, [none.Taker], [GiverOfTwo], [none.Taker]) { HasSpuriousWakes = false },
                ],
                Sampled:
                [
                    new Scenario(two, [worker], [bells], [worker], [worker, bells]) { Crashes = 2, Occupant = worker },
                    new Scenario(none, [none.Taker, Giver], [Giver, none.Taker with { Waiters = Waiters.Bells }], [none.Taker], [GiverOfTwo])
                    {
                        Crashes = 1, Occupant = Giver, Spins = 1,
                    },
                ]);
        }
    }

    public Instruction Acquire { get; init; } = Instruction.Run(
        me => new PassGate<SemaphoreGate>(default, me.Waiters), (me, acquire) => Acquired(me, acquire.Passed));

    public Instruction Release { get; init; } = Instruction.Run(
        me => Leaving(me), (me, release) => me.Check(release.Changed, "could not release"));

    public override Instruction Recovery { get; init; } = Instruction.Run(me => new WakeRecovery(SemaphoreWord.Word));

    public override int Ghosts => 1;

    /// <summary>Acquires unless it gives up, releases.</summary>
    public Routine Worker => new("worker", Acquire.Timed(), Release);

    /// <summary>Acquires unless it gives up.</summary>
    public Routine Taker => new("taker", Acquire.Timed());

    public static Routine Giver => new("giver", Give(1));

    public static Routine GiverOfTwo => new("giver", Give(2));

    public static void Acquired(Actor me, bool acquired)
    {
        if (acquired)
        {
            me.World.Ghost(Inside)++;
            return;
        }
        me.Check(me.IsWithdrawn, "gave up by itself");
        me.End();
    }

    public override void CheckAlways(World world)
    {
        if (_initial > 0 && world.Ghost(Inside) > (ulong)_initial)
        {
            world.Fail("more are inside than it counted");
        }
    }

    public override void CheckAtRest(World world)
    {
        if (_initial > 0 && world.Crashes == 0 && SemaphoreWord.CountOf(world.Peek(SemaphoreWord.Word)) != _initial)
        {
            world.Fail("it does not end as it began");
        }
    }

    public override bool MayRest(Actor sleeper) =>
        (_initial == 0 || sleeper.World.Crashes > 0) && SemaphoreWord.CountOf(sleeper.World.Peek(SemaphoreWord.Word)) == 0;

    private static SemaphoreSubject Fair(int initial) => new(initial, isFair: true)
    {
        Acquire = Instruction.Run(me => new FairSemaphoreAcquire(me.Slot, me.Waiters), (me, acquire) => Acquired(me, acquire.Acquired)),
        Recovery = Instruction.Run(me => new FairSemaphoreRecovery(me.Victim, me.IsProven)),
    };

    private static Instruction Give(int count) => Instruction.Run(
        me => new ChangeWord<SemaphoreRelease>(new SemaphoreRelease(count, SemaphoreWord.Most)),
        (me, release) => me.Check(release.Changed, "could not release"));

    private static ChangeWord<SemaphoreRelease> Leaving(Actor me)
    {
        me.World.Ghost(Inside)--;
        return new(new SemaphoreRelease(1, SemaphoreWord.Most));
    }

    private static string Show(ulong word) => $"{SemaphoreWord.CountOf(word)} {WaiterFlags.Of(word)}";
}

namespace Isthmus.Tests.Explorer;

/// <summary>
/// The event. Promises: of an automatic one, each Set lets one pass at most, and nobody waits while it is set. Of a manual one, a Set lets all pass
/// that wait, even when it is reset at once.
/// </summary>
internal sealed class EventSubject : Subject
{
    private const ulong LowVersion = 0x3FFF_FFFE;

    // Local of a thread: what it saw of the version when it first fell asleep, plus one.
    private const int Seen = 0;

    // Ghosts: the word before the last move; how often it was reset by somebody who passed; how many passed.
    private const int Before = 0;
    private const int Grants = 1;
    private const int Passes = 2;

    private readonly EventResetMode _mode;

    public EventSubject(EventResetMode mode)
    {
        _mode = mode;
        Word(EventWord.Word, "event", EventWord.Initial(false), Show);
        Wait = Instruction.Run(me => new PassGate<EventGate>(new EventGate(mode), me.Waiters), (me, wait) => Waited(me, wait.Passed));
        Set = Instruction.Run(me => new ChangeWord<EventSet>(new EventSet(mode)), (me, set) => me.Check(set.Changed, "did not set it"));
    }

    public static Suite AutoSuite
    {
        get
        {
            EventSubject auto = new(EventResetMode.AutoReset);
            Routine waiter = auto.Waiter with { Rounds = 2 };
            Routine bells = waiter with { Waiters = Waiters.Bells };
            Routine setter = auto.Setter with { Rounds = 2 };
            return new Suite(
                "event (auto-reset)",
                Whole:
                [
                    new Scenario(auto, [waiter], [setter]) { Crashes = 1, Occupant = auto.Setter },
                    new Scenario(auto, [auto.Waiter, auto.Setter], [auto.Waiter with { Waiters = Waiters.Bells }]) { Crashes = 1 },
                    new Scenario(auto, [auto.Waiter], [setter], [auto.Waiter]),
                ],
                Sampled:
                [
                    new Scenario(auto, [waiter], [bells], [setter], [waiter, setter]) { Crashes = 2, Occupant = waiter },
                    new Scenario(auto, [waiter, waiter], [setter, bells], [setter], []) { Crashes = 3, Occupant = setter, Spins = 1 },
                ]);
        }
    }

    public static Suite ManualSuite
    {
        get
        {
            EventSubject manual = new(EventResetMode.ManualReset);
            Routine waiter = manual.Waiter with { Rounds = 2 };
            Routine bells = waiter with { Waiters = Waiters.Bells };
            Routine pulser = manual.Pulser with { Rounds = 2 };
            return new Suite(
                "event (manual-reset)",
                Whole:
                [
                    new Scenario(manual, [waiter], [pulser]) { Crashes = 1, Occupant = manual.Setter },
                    new Scenario(manual, [manual.Waiter, manual.Waiter with { Waiters = Waiters.Bells }], [pulser]),
                ],
                Sampled:
                [
                    new Scenario(manual, [waiter], [bells], [pulser], [waiter, pulser]) { Crashes = 2, Occupant = waiter },
                    new Scenario(manual, [waiter, waiter], [pulser, bells], [pulser], []) { Crashes = 3, Occupant = pulser, Spins = 1 },
                ]);
        }
    }

    public Instruction Wait { get; init; }

    public Instruction Set { get; init; }

    public Instruction Reset { get; init; } = Instruction.Run(me => new ChangeWord<EventReset>(default));

    public override Instruction Recovery { get; init; } = Instruction.Run(me => new WakeRecovery(EventWord.Word));

    public override int Ghosts => 3;

    public Routine Waiter => new("waiter", Wait.Timed());

    public Routine Setter => new("setter", Set);

    public Routine Pulser => new("pulser", Set, Reset);

    public void Waited(Actor me, bool passed)
    {
        me[Seen] = 0;
        if (!passed)
        {
            me.Check(me.IsWithdrawn, "gave up by itself");
        }
        else if (_mode == EventResetMode.AutoReset)
        {
            me.World.Ghost(Passes)++;
        }
        else
        {
            me.Check(EventWord.VersionOf(me.World.Peek(EventWord.Word)) > 0, "passed before it was set");
        }
    }

    public override void CheckAlways(World world)
    {
        ulong word = world.Peek(EventWord.Word);
        ulong before = world.Ghost(Before);
        if (EventWord.IsSet(before) && !EventWord.IsSet(word))
        {
            world.Ghost(Grants)++;
        }
        world.Ghost(Before) = word;
        if (world.Ghost(Passes) > world.Ghost(Grants))
        {
            world.Fail("more passed than it was reset for");
        }
        world.NoteFirstSleeps(Seen, LowVersion);
    }

    public override bool MayRest(Actor sleeper)
    {
        ulong word = sleeper.World.Peek(EventWord.Word);
        return !EventWord.IsSet(word) && (_mode == EventResetMode.AutoReset || sleeper[Seen] - 1 == (word & LowVersion));
    }

    private static string Show(ulong word) =>
        $"#{EventWord.VersionOf(word)} {(EventWord.IsSet(word) ? "set" : "unset")} {WaiterFlags.Of(word)}";
}

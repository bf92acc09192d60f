namespace Isthmus.Tests.Explorer;

/// <summary>
/// The countdown. Promises: nobody passes before nothing was left, and then all pass that wait, even when it is reset at once; it is never counted
/// below zero.
/// </summary>
internal sealed class CountdownSubject : Subject
{
    private const ulong RoundMask = 0x3FFF_FFFF;

    // Local of a thread: the round when it first fell asleep, plus one.
    private const int Seen = 0;

    private readonly int _initial;

    public CountdownSubject(int initial)
    {
        _initial = initial;
        Word(CountdownWord.Word, "countdown", CountdownWord.Initial(initial), Show);
    }

    public static Suite Suite
    {
        get
        {
            CountdownSubject one = new(1), two = new(2);
            Routine waiter = two.Waiter with { Rounds = 2 };
            Routine bells = waiter with { Waiters = Waiters.Bells };
            Routine signaller = two.Signaller with { Rounds = 2 };
            return new Suite(
                "countdown",
                Whole:
                [
                    new Scenario(two, [waiter], [signaller]) { Crashes = 1, Occupant = two.Signaller },
                    new Scenario(one, [one.Waiter, one.Waiter with { Waiters = Waiters.Bells }], [one.Repeater with { Rounds = 2 }]),
                    new Scenario(two, [two.Signaller, two.Waiter], [two.Adder]) { Crashes = 1 },
                ],
                Sampled:
                [
                    new Scenario(two, [waiter], [bells], [signaller], [two.Adder, two.Repeater]) { Crashes = 2, Occupant = signaller },
                    new Scenario(two, [waiter, waiter], [two.Repeater, bells], [signaller], []) { Crashes = 3, Occupant = two.Repeater, Spins = 1 },
                ]);
        }
    }

    public Instruction Wait { get; init; } = Instruction.Run(
        me => new PassGate<CountdownGate>(default, me.Waiters), (me, wait) => Waited(me, wait.Passed));

    public Instruction Signal { get; init; } = Instruction.Run(me => new ChangeWord<CountdownSignal>(new CountdownSignal(1)));

    public Instruction Add { get; init; } = Instruction.Run(me => new ChangeWord<CountdownAdd>(new CountdownAdd(1)));

    public override Instruction Recovery { get; init; } = Instruction.Run(me => new WakeRecovery(CountdownWord.Word));

    public Routine Waiter => new("waiter", Wait.Timed());

    public Routine Signaller => new("signaller", Signal);

    public Routine Adder => new("adder", Add, Signal);

    /// <summary>Counts down and begins anew.</summary>
    public Routine Repeater => new("repeater", Signal, Instruction.Run(me => new ChangeWord<CountdownReset>(new CountdownReset(_initial))));

    public static void Waited(Actor me, bool passed)
    {
        me[Seen] = 0;
        if (!passed)
        {
            me.Check(me.IsWithdrawn, "gave up by itself");
            return;
        }
        me.Check(CountdownWord.RoundOf(me.World.Peek(CountdownWord.Word)) > 0, "passed while something was left");
    }

    public override void CheckAlways(World world)
    {
        if (CountdownWord.CountOf(world.Peek(CountdownWord.Word)) < 0)
        {
            world.Fail("was counted below zero");
        }
        world.NoteFirstSleeps(Seen, RoundMask);
    }

    public override bool MayRest(Actor sleeper)
    {
        ulong word = sleeper.World.Peek(CountdownWord.Word);
        return CountdownWord.CountOf(word) > 0 && sleeper[Seen] - 1 == (word & RoundMask);
    }

    private static string Show(ulong word) => $"{CountdownWord.CountOf(word)} in round {CountdownWord.RoundOf(word)} {WaiterFlags.Of(word)}";
}

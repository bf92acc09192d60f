namespace Isthmus.Tests.Explorer;

/// <summary>
/// The condition, with a mutex and a number of items in it. Promises: nobody sleeps while there is an item; each signal ends a wait that had begun
/// before it, if there was one, whoever is woken and dies.
/// </summary>
internal sealed class ConditionSubject : Subject
{
    private const int Items = 2 * StateLayout.WordsPerLine;

    // Locals of a thread: the mutex as it was entered; what was last seen of the items; the sequence it waits for, plus one.
    private const int Owned = 0;
    private const int Seen = 1;
    private const int Sequence = 2;

    // Ghosts: the sequence before the last move; how many waits are to be ended by signals.
    private const int Before = 0;
    private const int Owed = 1;

    private readonly bool _broadcasts;

    public ConditionSubject(bool broadcasts = false)
    {
        _broadcasts = broadcasts;
        Word(MutexWord.Word, "mutex");
        Word(ConditionWord.Word, "condition", 0, word => $"#{ConditionWord.SequenceOf(word)} {WaiterFlags.Of(word)}");
        Word(Items, "items");
        Signal = Instruction.Run(
            me => new ChangeWord<ConditionSignal>(new ConditionSignal(broadcasts)), (me, signal) => Signalled(me, signal.Changed));
    }

    public static Suite Suite
    {
        get
        {
            ConditionSubject one = new(), all = new(broadcasts: true);
            Routine bells = one.Consumer with { Waiters = Waiters.Bells };
            Routine twice = one.Consumer with { Rounds = 2 };
            Routine producer = one.Producer with { Rounds = 2 };
            return new Suite(
                "condition",
                Whole:
                [
                    new Scenario(one, [one.Consumer], [one.Producer]) { Crashes = 1, Occupant = one.Producer, HasSpuriousWakes = false },
                    new Scenario(one, [twice], [producer]) { HasSpuriousWakes = false },
                    new Scenario(one, [one.TimedConsumer], [one.Producer]),
                    new Scenario(one, [bells], [one.Producer]) { Crashes = 1 },
                    new Scenario(one, [one.Waiter, one.Waiter], [one.Signaller with { Rounds = 2 }]) { HasSpuriousWakes = false },
                    new Scenario(one, [twice], [producer]) { Crashes = 1, Occupant = one.Producer, HasSpuriousWakes = false },
                ],
                Sampled:
                [
                    new Scenario(one, [one.Consumer], [one.Consumer], [producer]) { Crashes = 1, Occupant = one.Producer },
                    new Scenario(one, [twice], [bells, producer], [one.Consumer], [producer]) { Crashes = 2, Occupant = producer },
                    new Scenario(one, [one.Waiter], [one.Waiter], [one.Waiter], [one.Signaller with { Rounds = 2 }]) { Crashes = 1, Spins = 1 },
                    new Scenario(all, [all.Consumer with { Rounds = 2 }], [all.TimedConsumer, all.Producer], [all.Producer]) { Crashes = 2 },
                ]);
        }
    }

    public Instruction Enter { get; } = Instruction.Run(
        me => new MutexEnter(me.Slot, me.Waiters), (me, enter) => me[Owned] = enter.Owned);

    public Instruction Consistent { get; } = Instruction.Run(me => new MutexConsistent(me[Owned]));

    public Instruction Exit { get; } = Instruction.Run(
        me => new MutexExit(me[Owned]), (me, exit) => me.Check(exit.Left, "was not the owner when it left"));

    public Instruction Register { get; init; } = Instruction.Run(
        me => new ChangeWord<ConditionRegister>(new ConditionRegister(me.Waiters)),
        (me, register) => me[Sequence] = ConditionWord.SequenceOf(register.Before) + 1UL);

    public Instruction Wait { get; init; } = Instruction.Run(
        me => new ConditionWait(SequenceOf(me), me.Waiters), (me, wait) => Waited(me, wait.Signalled));

    public Instruction Signal { get; init; }

    public override Instruction Recovery { get; init; } = Instruction.Run(
        me => new Recoveries<MutexRecovery, ConditionRecovery>(new(me.Victim, me.IsProven), new()));

    public override int Ghosts => 2;

    /// <summary>Takes an item; waits while there is none, once or as often as there are rounds.</summary>
    public Routine Consumer => With("consumer", Wait);

    /// <summary>The same, and gives up at any time.</summary>
    public Routine TimedConsumer => With("consumer", Wait.Timed());

    /// <summary>Puts an item and signals.</summary>
    public Routine Producer => new("producer", Enter, Consistent, Look(0), Put(1), Signal, Exit);

    /// <summary>Waits, whatever there is.</summary>
    public Routine Waiter => new("waiter", Enter, Consistent, Register, Exit, Wait, Enter, Consistent, Exit);

    public Routine Signaller => new("signaller", Signal);

    public static uint SequenceOf(Actor me) => (uint)me[Sequence] - 1;

    public static void Waited(Actor me, bool signalled)
    {
        me.Check(signalled || me.IsWithdrawn, "gave up by itself");
        // Who leaves without a signal from after its registration pays nothing back.
        if (me.World.Ghost(Owed) > 0 && IsOwed(me))
        {
            me.World.Ghost(Owed)--;
        }
        me[Sequence] = 0;
    }

    // It has found no flag: then nobody must wait for it. (A stale look may miss one who comes just then.)
    public static void Signalled(Actor me, bool changed)
    {
        if (!changed && me.World.Scenario.Order != MemoryOrder.AcquireRelease)
        {
            me.Check(!IsAnyWaiting(me.World), "signalled nobody although somebody waits");
            me.World.Ghost(Owed)++;
        }
    }

    public override void CheckAlways(World world)
    {
        uint sequence = ConditionWord.SequenceOf(world.Peek(ConditionWord.Word));
        if (sequence != (uint)world.Ghost(Before))
        {
            world.Ghost(Before) = sequence;
            world.Ghost(Owed) += _broadcasts ? ulong.MaxValue / 2 : 1;
        }
        world.Ghost(Owed) = Math.Min(world.Ghost(Owed), CountOwed(world));
    }

    public override void CheckAtRest(World world)
    {
        if (world.Ghost(Owed) > 0)
        {
            world.Fail("a signal ended no wait");
        }
    }

    // Of the mutex, nobody may wait for ever.
    public override bool MayRest(Actor sleeper) => sleeper[Sequence] != 0 && sleeper.World.Peek(Items) == 0;

    private static Instruction Look(int skip) => Instruction.Run(
        me => new Access(AccessKind.Load, Items, 0), (me, look) => Looked(me, look.Found, skip));

    private static Instruction Put(int change) => Instruction.Run(me => new Access(AccessKind.Store, Items, me[Seen] + (ulong)change));

    // Skips so much when there is an item; so much less than nothing when there is none.
    private static void Looked(Actor me, ulong items, int skip)
    {
        me[Seen] = items;
        if (items > 0 && skip > 0)
        {
            me.Skip(skip);
        }
        else if (items == 0 && skip < 0)
        {
            me.Skip(-skip);
        }
    }

    private static bool IsOwed(Actor me) =>
        me[Sequence] != 0 && SequenceOf(me) != ConditionWord.SequenceOf(me.World.Peek(ConditionWord.Word));

    private static bool IsAnyWaiting(World world)
    {
        bool isAny = false;
        for (int thread = 0; thread < world.Threads; thread++)
        {
            Actor each = new(world, thread);
            isAny |= each[Sequence] != 0 && !IsOwed(each);
        }
        return isAny;
    }

    private static ulong CountOwed(World world)
    {
        ulong count = 0;
        for (int thread = 0; thread < world.Threads; thread++)
        {
            count += IsOwed(new Actor(world, thread)) ? 1UL : 0;
        }
        return count;
    }

    private Routine With(string name, Instruction wait) => new(
        name, Enter, Consistent, Look(6), Register, Exit, wait, Enter, Consistent, Look(-1), Put(-1), Exit);
}

namespace Isthmus.Tests.Explorer;

/// <summary>
/// The barrier. Promises: a round is passed when all members wait for it, and no sooner; who waits then passes, and
/// nobody else does; a death breaks the round, or the next one when the dead had arrived; a reset mends it; in the end
/// nobody waits.
/// </summary>
internal sealed class BarrierSubject : Subject
{
    // Ghosts: the word as it was after the last move; a bit for each thread that is a member; for each that was one
    // when a round was passed, and must be told so next; whether the dead are missed, in this round or in the next;
    // whether anything ever broke it; a bit for each slot that changed so that an earlier look at it must not count,
    // before the version said so; the words of the slots as they were after the last move.
    private const int Last = 0;
    private const int Members = 1;
    private const int MustPass = 2;
    private const int IsMissing = 3;
    private const int WillBeMissing = 4;
    private const int HadTrouble = 5;
    private const int Unsaid = 6;
    private const int LastMembers = 7;
    private const int SlotsMax = 5;

    public BarrierSubject()
    {
        Word(BarrierWord.Word, "barrier", 0, Show);
        SlotWord(0, "members", 0, word => ShowMembers(word));
    }

    public static Suite Suite
    {
        get
        {
            BarrierSubject barrier = new();
            Routine bells = barrier.TimedMember with { Waiters = Waiters.Bells };
            return new Suite(
                "barrier",
                Whole:
                [
                    new Scenario(barrier, [barrier.Guest], [barrier.Guest]) { Crashes = 1 },
                    new Scenario(barrier, [barrier.TimedMember], [barrier.TimedGuest]) { Crashes = 1 },
                    new Scenario(barrier, [barrier.Mender], [barrier.Guest]) { Crashes = 1 },
                    new Scenario(barrier, [barrier.Member], [barrier.Member]) { Crashes = 1, Occupant = barrier.Guest, HasSpuriousWakes = false },
                    new Scenario(barrier, [barrier.TimedMember], [barrier.TimedMember]) { Crashes = 1 },
                    new Scenario(barrier, [barrier.TimedGuest, barrier.Guest], [barrier.Guest]) { HasSpuriousWakes = false },
                ],
                Sampled:
                [
                    new Scenario(barrier, [barrier.Member], [bells], [barrier.Mender]) { Crashes = 2, Occupant = barrier.Guest },
                    // Who recovers may be paused while the barrier is mended, the slot is taken again, and its next occupant dies as well.
                    new Scenario(barrier, [barrier.Mender], [barrier.Guest]) { Crashes = 2, Occupant = barrier.Guest },
                    new Scenario(barrier, [barrier.TimedMember, barrier.Guest], [barrier.Member, bells], [barrier.TimedMember], [barrier.Mender], [])
                    {
                        Crashes = 3,
                        Occupant = barrier.TimedGuest,
                        Spins = 1,
                    },
                ])
            {
                StatesMax = 50_000,
            };
        }
    }

    public Instruction Join { get; init; } = Instruction.Run(me => new BarrierJoin(me.Slot), (me, join) => Joined(me, join.HasJoined));

    public Instruction Leave { get; init; } = Instruction.Run(
        me => new BarrierLeave(me.Slot), (me, leave) => me.Check(leave.HasLeft, "could not leave"));

    public Instruction Reset { get; init; } = Instruction.Run(_ => new BarrierReset());

    public override Instruction Recovery { get; init; } = Instruction.Run(me => new BarrierRecovery(me.Victim, me.IsProven));

    public override int Ghosts => LastMembers + SlotsMax;

    /// <summary>Joins, arrives, leaves.</summary>
    public Routine Guest => new("guest", Join, Arrive(), BeforeLeave, Leave);

    public Routine TimedGuest => new("guest", Join, Arrive().Timed(), BeforeLeave, Leave);

    /// <summary>Arrives twice, unless the barrier is broken.</summary>
    public Routine Member => new("member", Join, Arrive(skipped: 1), Arrive(), BeforeLeave, Leave);

    public Routine TimedMember => new("member", Join, Arrive(skipped: 1).Timed(), Arrive().Timed(), BeforeLeave, Leave);

    /// <summary>When the barrier is broken, resets it and arrives once more.</summary>
    public Routine Mender => new("mender", Join, ArriveUnlessBroken(skipped: 2), Reset, Arrive(), BeforeLeave, Leave);

    // A member that leaves is not about to arrive any more.
    public static Instruction BeforeLeave { get; } = Instruction.Run(
        me => new Glance(BarrierWord.Word), (me, _) => AboutToLeave(me));

    public override void CheckAlways(World world) => Observe(world);

    public override void Crashed(World world, int slot)
    {
        Miss(world, slot);
        for (int thread = 0; thread < 64; thread++)
        {
            if ((world.Ghost(Members) >> thread & 1) != 0 && world.SlotOf(thread) == slot)
            {
                world.Ghost(Members) &= ~(1UL << thread);
                world.Ghost(MustPass) &= ~(1UL << thread);
            }
        }
    }

    public override void CheckAtRest(World world)
    {
        ulong word = world.Peek(BarrierWord.Word);
        if (world.Ghost(IsMissing) != 0 && !BarrierWord.IsBroken(word))
        {
            world.Fail("a member is dead, and in the end the barrier is whole");
        }
        for (int slot = 0; slot < world.Slots; slot++)
        {
            if (!world.IsAlive(slot) && BarrierMembers.JoinedOf(world.Peek(BarrierMembers.Word(slot))) > 0)
            {
                world.Fail($"in the end p{slot} is dead and a member");
            }
        }
    }

    private static Instruction Arrive(int skipped = 0) => Instruction.Run(
        me => new BarrierArrive(me.Slot, me.Waiters), (me, arrive) => Arrived(me, arrive.Outcome, skipped, arrive.Outcome == BarrierOutcome.Broken));

    private static Instruction ArriveUnlessBroken(int skipped) => Instruction.Run(
        me => new BarrierArrive(me.Slot, me.Waiters), (me, arrive) => Arrived(me, arrive.Outcome, skipped, arrive.Outcome != BarrierOutcome.Broken));

    public static void Joined(Actor me, bool hasJoined)
    {
        me.Check(hasJoined, "could not join");
        me.World.Ghost(Members) |= Bit(me);
    }

    private static void AboutToLeave(Actor me)
    {
        me.Check((me.World.Ghost(MustPass) & Bit(me)) == 0, "was not told that it passed");
        me.World.Ghost(Members) &= ~Bit(me);
    }

    public static void Arrived(Actor me, BarrierOutcome outcome, int skipped, bool skips)
    {
        Observe(me.World);
        bool hasPassed = outcome is BarrierOutcome.Passed or BarrierOutcome.Last;
        me.Check(hasPassed == ((me.World.Ghost(MustPass) & Bit(me)) != 0), $"was told {outcome}");
        me.Check(outcome != BarrierOutcome.TimedOut || me.IsWithdrawn, "gave up by itself");
        me.Check(outcome != BarrierOutcome.Broken || me.World.Ghost(HadTrouble) != 0, "was told Broken although nobody died");
        me.World.Ghost(MustPass) &= ~Bit(me);
        if (skips && skipped > 0)
        {
            me.Skip(skipped);
        }
    }

    // Each move that ends a round is judged as it is made.
    private static void Observe(World world)
    {
        ulong word = world.Peek(BarrierWord.Word);
        ulong last = world.Ghost(Last);
        world.Ghost(Last) = WaiterFlags.Without(word);
        world.Ghost(Unsaid) = WaiterFlags.Without(word) == last ? world.Ghost(Unsaid) | Retracted(world) : 0;
        if (BarrierWord.HasPassed(last, word))
        {
            Passed(world);
        }
        else if (BarrierWord.RoundOf(last) != BarrierWord.RoundOf(word))
        {
            WasReset(world);
        }
    }

    // A bit for each slot that had nobody missing, or fewer, before the last move.
    private static ulong Retracted(World world)
    {
        uint round = BarrierWord.RoundOf(world.Ghost(Last));
        ulong slots = 0;
        for (int slot = 0; slot < world.Slots; slot++)
        {
            ulong members = world.Peek(BarrierMembers.Word(slot));
            ref ulong last = ref world.Ghost(LastMembers + slot);
            slots |= Missing(members, round) > Missing(last, round) ? 1UL << slot : 0;
            last = members;
        }
        return slots;
    }

    private static int Missing(ulong members, uint round) => BarrierMembers.JoinedOf(members) - BarrierMembers.ArrivedOf(members, round);

    private static void Passed(World world)
    {
        if (world.Ghost(IsMissing) != 0)
        {
            world.Fail("a round is passed that a dead member had not arrived in");
        }
        ulong members = world.Ghost(Members);
        if ((world.Ghost(MustPass) & members) != 0)
        {
            world.Fail("a round is passed before all have arrived");
        }
        world.Ghost(MustPass) |= members;
        world.Ghost(IsMissing) = world.Ghost(WillBeMissing);
        world.Ghost(WillBeMissing) = 0;
    }

    // Who died before may break the new round, or not: it depends on who saw the death first.
    private static void WasReset(World world)
    {
        world.Ghost(IsMissing) = world.Ghost(WillBeMissing) = 0;
        world.Ghost(HadTrouble) = 1;
    }

    // What the dead of a slot, as long as nobody has taken them away, mean for the round and the next.
    private static void Miss(World world, int slot)
    {
        world.Ghost(HadTrouble) = 1;
        if ((world.Ghost(Unsaid) >> slot & 1) != 0)
        {
            // Killed as it joined, or as it took back its arrival: either is right.
            return;
        }
        ulong members = world.Peek(BarrierMembers.Word(slot));
        bool areComplete = BarrierMembers.AreComplete(members, BarrierWord.RoundOf(world.Peek(BarrierWord.Word)));
        world.Ghost(IsMissing) |= areComplete ? 0 : 1UL;
        world.Ghost(WillBeMissing) |= areComplete && BarrierMembers.JoinedOf(members) > 0 ? 1UL : 0;
    }

    private static ulong Bit(Actor me) => 1UL << me.Thread;

    private static string Show(ulong word)
    {
        string broken = BarrierWord.IsBroken(word) ? " broken" : "";
        string next = BarrierWord.WillBreak(word) ? " breaks next" : "";
        string waiters = WaiterFlags.Of(word) != Waiters.None ? $" {WaiterFlags.Of(word)}" : "";
        return $"round {BarrierWord.RoundOf(word)}{broken}{next}{waiters} (version {word >> 32 & int.MaxValue}, parity {word >> 63})";
    }

    private static string ShowMembers(ulong word) =>
        $"{BarrierMembers.JoinedOf(word)} joined, {word >> 10 & 0x3FF} arrived in {word >> 20 & 0xFFFFF} (#{word >> 40})";
}

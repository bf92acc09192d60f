using System.Numerics;

namespace Isthmus.Tests.Explorer;

/// <summary>
/// The mutex and the data in it. Promises: one inside at a time, who sees what all before it have written; a death
/// inside is told to each later owner; in the end it is free.
/// </summary>
internal sealed class MutexSubject : Subject
{
    private const int Data = StateLayout.WordsPerLine;

    // Locals of a thread.
    private const int Owned = 0;
    private const int IsTold = 1;

    // Of the one who was told and does not declare the data consistent.
    private const ulong Leaves = 1;
    private const ulong HasLeft = 2;

    // Ghosts: a bit for each thread that is inside; whether an owner died in it and the data was not declared
    // consistent since; whether one who was told leaves or has left; how often the data was changed.
    private const int Inside = 0;
    private const int IsAbandoned = 1;
    private const int IsSpoiled = 2;
    private const int Changes = 3;

    // Of a fair one: whether the thread that is watched has slept since it came to wait, and how many others have
    // entered since.
    private const int HasSlept = 4;
    private const int Passed = 5;

    public MutexSubject(bool isFair = false)
    {
        Word(MutexWord.Word, "owner", 0, Show);
        Word(Data, "data");
        if (isFair)
        {
            SlotWord(0, "queue", 0, ShowQueue);
        }
    }

    public static Suite Suite
    {
        get
        {
            MutexSubject mutex = new();
            Routine worker = mutex.Worker with { Rounds = 2 };
            Routine mender = mutex.Mender with { Rounds = 2 };
            Routine awaiter = mutex.Awaiter with { Rounds = 2 };
            return new Suite(
                "mutex",
                Whole:
                [
                    new Scenario(mutex, [worker], [worker]) { Crashes = 1, Occupant = mutex.Worker },
                    new Scenario(mutex, [worker], [awaiter]) { Crashes = 1 },
                    new Scenario(mutex, [mutex.Mender], [mutex.Mender]) { Crashes = 1, Occupant = mutex.Mender },
                    new Scenario(mutex, [mutex.DoubleWorker, mutex.Worker], [mutex.Worker]) { Crashes = 1 },
                    new Scenario(mutex, [mutex.Awaiter, mutex.Awaiter], [mutex.Worker]) { Crashes = 1 },
                ],
                Sampled:
                [
                    new Scenario(mutex, [worker], [awaiter], [mender]) { Crashes = 2, Occupant = mutex.Mender },
                    new Scenario(mutex, [worker, awaiter, awaiter], [awaiter], [mender], []) { Crashes = 3, Occupant = mender, Spins = 1 },
                ])
            {
                StatesMax = 300_000,
            };
        }
    }

    public static Suite FairSuite
    {
        get
        {
            MutexSubject mutex = Fair();
            Routine steady = mutex.Steady with { Rounds = 2 };
            Routine worker = mutex.Worker with { Rounds = 2 };
            Routine awaiter = mutex.Awaiter with { Rounds = 2 };
            return new Suite(
                "fair mutex",
                Whole:
                [
                    new Scenario(mutex, [steady], [steady]) { Crashes = 1 },
                    new Scenario(mutex, [mutex.Worker, mutex.Awaiter], [mutex.Worker]) { HasSpuriousWakes = false },
                    new Scenario(Fair(passedMax: 1), [mutex.Steady], [mutex.Steady with { Rounds = 4 }]),
                    new Scenario(Fair(passedMax: 2), [mutex.Steady], [steady], [steady]) { HasSpuriousWakes = false },
                    new Scenario(mutex, [worker], [worker]) { Crashes = 1 },
                    new Scenario(mutex, [worker], [awaiter]) { Crashes = 1 },
                    new Scenario(mutex, [mutex.Steady], [mutex.Steady]) { Crashes = 1, Occupant = mutex.Steady, HasSpuriousWakes = false },
                ],
                Sampled:
                [
                    new Scenario(mutex, [worker], [awaiter], [mutex.Mender with { Rounds = 2 }]) { Crashes = 2, Occupant = mutex.Mender },
                    new Scenario(mutex, [worker, awaiter, mutex.Worker], [awaiter], [mutex.Mender, worker], [])
                    {
                        Crashes = 3,
                        Occupant = mutex.Mender,
                        Spins = 1,
                    },
                    new Scenario(Fair(passedMax: 3), [mutex.Steady], [mutex.Steady with { Rounds = 4 }], [worker], [mutex.Steady with { Rounds = 4 }]),
                ])
            {
                StatesMax = 50_000,
            };
        }
    }

    /// <summary>How many may enter, at most, while <see cref="Watched"/> sleeps.</summary>
    public int PassedMax { get; init; }

    /// <summary>The thread that must not be passed more often; -1: none is watched.</summary>
    public int Watched { get; init; } = -1;

    public Instruction Enter { get; init; } = Instruction.Run(
        me => new MutexEnter(me.Slot, me.Waiters), (me, enter) => Entered(me, enter.Outcome, enter.Owned));

    public Instruction Change { get; } = Instruction.Run(me => new Increment(Data), (me, change) => Changed(me, change.Found));

    public Instruction Declare { get; init; } = Instruction.Run(me => new MutexConsistent(OwnedBy(me)), (me, _) => Declared(me));

    public Instruction Exit { get; init; } = Instruction.Run(me => new MutexExit(OwnedBy(me)), (me, exit) => Left(me, exit.Left));

    /// <summary>To leave once more changes nothing.</summary>
    public Instruction ExitAgain { get; init; } = Instruction.Run(me => new MutexExit(OwnedBy(me)), (me, exit) => LeftAgain(me, exit.Left));

    public override Instruction Recovery { get; init; } = Instruction.Run(me => new MutexRecovery(me.Victim, me.IsProven));

    public override int Ghosts => 6;

    /// <summary>Enters, changes the data, leaves.</summary>
    public Routine Steady => new("steady", Enter, Change, Exit);

    /// <summary>Enters unless it gives up, changes the data, leaves.</summary>
    public Routine Worker => new("worker", Enter.Timed(), Change, Exit);

    /// <summary>The same, and awaits the entry.</summary>
    public Routine Awaiter => Worker with { Name = "awaiter", Waiters = Waiters.Bells };

    /// <summary>The same, and declares the data consistent.</summary>
    public Routine Mender => new("mender", Enter.Timed(), Declare, Change, Exit);

    /// <summary>Leaves twice.</summary>
    public Routine DoubleWorker => new("double", Enter, Change, Exit, ExitAgain);

    /// <summary>A fair one.</summary>
    public static MutexSubject Fair(
        int passedMax = 0, Instruction? enter = null, Instruction? exit = null, Instruction? recovery = null)
    {
        return new MutexSubject(isFair: true)
        {
            Enter = enter ?? Instruction.Run(
                me => new FairMutexEnter(me.Slot, me.Waiters), (me, enter) => Entered(me, enter.Outcome, enter.Owned)),
            Exit = exit ?? Instruction.Run(me => new FairMutexExit(OwnedBy(me)), (me, exit) => Left(me, exit.Left)),
            ExitAgain = Instruction.Run(me => new FairMutexExit(OwnedBy(me)), (me, exit) => LeftAgain(me, exit.Left)),
            Recovery = recovery ?? Instruction.Run(me => new FairMutexRecovery(me.Victim, me.IsProven)),
            PassedMax = passedMax,
            Watched = passedMax > 0 ? 0 : -1,
        };
    }

    public static ulong OwnedBy(Actor me) => me[Owned];

    public static void Entered(Actor me, MutexEntry outcome, ulong owned)
    {
        switch (outcome)
        {
            case MutexEntry.Busy:
                me.Check(me.IsWithdrawn || me.Waiters == Waiters.None, "gave up by itself");
                me.EndRound();
                break;
            case MutexEntry.Unusable:
                me.Check(me.World.Ghost(IsSpoiled) != 0, "was told Unusable although nobody left without declaring the data consistent");
                me.End();
                break;
            default:
                bool isTold = outcome == MutexEntry.Abandoned;
                me.Check(me.World.Ghost(Inside) == 0, "entered while another was inside");
                me.Check(isTold == (me.World.Ghost(IsAbandoned) != 0), isTold ? "was told Abandoned" : "was told Entered");
                me.Check(me.World.Ghost(IsSpoiled) != HasLeft, "entered what nobody can enter");
                CountPassed(me);
                me.World.Ghost(Inside) |= 1UL << me.Thread;
                me[Owned] = owned;
                me[IsTold] = isTold ? 1UL : 0;
                break;
        }
    }

    public static void Declared(Actor me)
    {
        me.World.Ghost(IsAbandoned) = 0;
        me[IsTold] = 0;
    }

    public static void Left(Actor me, bool left)
    {
        me.Check(left, "was not the owner when it left");
        if (me[IsTold] != 0)
        {
            me.World.Ghost(IsSpoiled) = HasLeft;
        }
    }

    public static void LeftAgain(Actor me, bool left) => me.Check(!left, "left twice");

    // From now on it is about to leave.
    public static void Changed(Actor me, ulong found)
    {
        me.Check(found == me.World.Ghost(Changes)++, "did not see what was written before");
        me.World.Ghost(Inside) &= ~(1UL << me.Thread);
        me.World.Ghost(IsSpoiled) |= me[IsTold] * Leaves;
    }

    public override void CheckAlways(World world)
    {
        ulong inside = world.Ghost(Inside);
        if (inside != 0 && MutexWord.OwnerOf(world.Peek(MutexWord.Word)) != world.SlotOf(BitOperations.TrailingZeroCount(inside)))
        {
            world.Fail("who is inside is not the owner");
        }
        if (Watched >= 0 && world.Thread(Watched).Status == ThreadStatus.Asleep)
        {
            world.Ghost(HasSlept) = 1;
        }
    }

    public override void Crashed(World world, int slot)
    {
        if (MutexWord.IsOwnedBy(world.Peek(MutexWord.Word), slot) && !FairMutexWord.IsChosen(world.Peek(MutexWord.Word)))
        {
            world.Ghost(IsAbandoned) = 1;
            world.Ghost(Inside) = 0;
        }
    }

    public override void CheckAtRest(World world)
    {
        if (!MutexWord.IsFree(world.Peek(MutexWord.Word)))
        {
            world.Fail("in the end it is not free");
        }
    }

    private static void CountPassed(Actor me)
    {
        if (me.World.Scenario.Subject is not MutexSubject { Watched: >= 0 } subject)
        {
            return;
        }
        if (me.Thread == subject.Watched)
        {
            me.World.Ghost(HasSlept) = me.World.Ghost(Passed) = 0;
        }
        me.World.Ghost(Passed) += me.World.Ghost(HasSlept);
        me.Check((int)me.World.Ghost(Passed) <= subject.PassedMax, "enters before one that waits, once more");
    }

    private static string Show(ulong word)
    {
        string owner = MutexWord.IsFree(word) ? "free" : $"p{MutexWord.OwnerOf(word)}";
        string abandoned = (word & MutexWord.Abandoned) != 0 ? " abandoned" : "";
        string unusable = (word & MutexWord.Unusable) != 0 ? " unusable" : "";
        string fair = $"{(FairMutexWord.IsChosen(word) ? " chosen" : "")}{(FairMutexWord.HasQueue(word) ? " queue" : "")}";
        string waiters = MutexWord.WaitersOf(word) != Waiters.None ? $" {MutexWord.WaitersOf(word)}" : "";
        return $"#{MutexWord.GenerationOf(word)} {owner}{fair}{abandoned}{unusable}{waiters}";
    }

    private static string ShowQueue(ulong word) =>
        $"{FairMutexQueue.NowOf(word)} wait ({(FairMutexQueue.BatchOf(word) ? "B" : "A")}), {FairMutexQueue.LaterOf(word)} later {WaiterFlags.Of(word)}";
}

using System.Numerics;

namespace Isthmus.Tests.Explorer;

/// <summary>
/// The reader-writer lock and the data in it. Promises: a writer is alone, who may become one is the only such, and
/// readers see all that was written before; the death of a writer is told to each later holder, other deaths to nobody;
/// in the end it is free. A reader that sleeps is passed by one writer at most.
/// </summary>
internal sealed class ReaderWriterSubject : Subject
{
    private const int Data = StateLayout.WordsPerLine;
    private const int PassedMax = 1;

    // Locals of a thread.
    private const int Owned = 0;
    private const int IsTold = 1;

    // Ghosts: a bit for each thread that reads, writes, may become a writer; whether a writer died in it; whether one
    // who was told leaves or has left; how often the data was changed; whether the reader that is watched has slept;
    // how many writers have passed it since.
    private const int Readers = 0;
    private const int Writers = 1;
    private const int Upgradeables = 2;
    private const int IsAbandoned = 3;
    private const int IsSpoiled = 4;
    private const int Changes = 5;
    private const int HasSlept = 6;
    private const int Passed = 7;

    public ReaderWriterSubject()
    {
        Word(ReaderWriterOwner.Word, "owner", 0, ShowOwner);
        Word(Data, "data");
        SlotWord(0, "readers", 0, ShowReaders);
    }

    public static Suite Suite
    {
        get
        {
            ReaderWriterSubject all = new();
            ReaderWriterSubject watched = new() { Watched = 0 };
            Routine reader = all.TimedReader with { Rounds = 2 };
            Routine writer = all.TimedWriter with { Rounds = 2 };
            Routine upgrader = all.TimedUpgrader with { Rounds = 2 };
            Routine bells = all.TimedReader with { Waiters = Waiters.Bells, Rounds = 2 };
            return new Suite(
                "rwlock",
                Whole:
                [
                    new Scenario(all, [all.TimedWriter], [all.TimedWriter]) { Crashes = 1, Occupant = all.Writer },
                    new Scenario(all, [all.TimedReader], [all.TimedWriter]) { Crashes = 1, Occupant = all.Reader },
                    new Scenario(all, [all.Reader], [all.Upgrader]) { Crashes = 1 },
                    new Scenario(watched, [all.Reader], [all.Writer], [all.Writer]) { HasSpuriousWakes = false },
                    new Scenario(all, [writer], [writer]) { Crashes = 1, Occupant = all.Writer, HasSpuriousWakes = false },
                    new Scenario(all, [reader], [writer]) { Crashes = 1, Occupant = all.Writer, HasSpuriousWakes = false },
                    new Scenario(all, [reader], [upgrader]) { Crashes = 1, Occupant = all.Reader, HasSpuriousWakes = false },
                ],
                Sampled:
                [
                    new Scenario(all, [all.TimedUpgrader], [bells], [writer]) { Crashes = 2, Occupant = all.Writer },
                    new Scenario(all, [all.TimedReader, all.TimedReader], [all.Upgrader, all.TimedWriter], [bells], [all.Downgrader], [])
                    {
                        Crashes = 3,
                        Occupant = all.TimedReader,
                        Spins = 1,
                    },
                    new Scenario(watched, [all.Reader with { Rounds = 2 }], [all.Writer with { Rounds = 4 }], [all.Upgrader with { Rounds = 4 }]),
                ])
            {
                StatesMax = 50_000,
            };
        }
    }

    public Instruction EnterRead { get; init; } = Instruction.Run(
        me => new ReaderWriterEnterRead(me.Slot, me.Waiters), (me, enter) => EnteredRead(me, enter.Outcome));

    public Instruction Look { get; } = Instruction.Run(me => new Glance(Data), (me, glance) => Looked(me, glance.Found));

    public Instruction ExitRead { get; init; } = Instruction.Run(
        me => new ReaderWriterChange(me.Slot, -1, 0), (me, change) => me.Check(change.IsDone, "was not inside when it left"));

    public Instruction EnterWrite { get; init; } = Instruction.Run(
        me => new ReaderWriterEnter(me.Slot, me.Waiters, writes: true), (me, enter) => EnteredWrite(me, enter.Outcome, enter.Owned, 2));

    public Instruction EnterUpgradeable { get; init; } = Instruction.Run(
        me => new ReaderWriterEnter(me.Slot, me.Waiters, writes: false), (me, enter) => EnteredUpgradeable(me, enter.Outcome, enter.Owned));

    public Instruction Upgrade { get; init; } = Instruction.Run(
        me => new ReaderWriterUpgrade(OwnedBy(me), me.Waiters, ReaderWriterMode.Upgradeable),
        (me, upgrade) => EnteredWrite(me, upgrade.Outcome, OwnedBy(me), 1));

    public Instruction Change { get; } = Instruction.Run(me => new Increment(Data), (me, change) => Changed(me, change.Found));

    public Instruction Downgrade { get; init; } = Instruction.Run(
        me => new ReaderWriterLower(OwnedBy(me), ReaderWriterMode.Upgradeable), (me, lower) => me.Check(lower.IsLowered, "was not the writer"));

    public Instruction ToReader { get; init; } = Instruction.Run(
        me => new ReaderWriterToReader(me.Slot, OwnedBy(me)), (me, reader) => BecameReader(me, reader.IsReader));

    public Instruction Exit { get; init; } = Instruction.Run(
        me => new ReaderWriterLower(Leaves(me), ReaderWriterMode.Free), (me, lower) => me.Check(lower.IsLowered, "was not the owner when it left"));

    public override Instruction Recovery { get; init; } = Instruction.Run(me => new ReaderWriterRecovery(me.Victim, me.IsProven));

    public override int Ghosts => 8;

    /// <summary>The thread that only reads, and must not starve; -1: none is watched.</summary>
    public int Watched { get; init; } = -1;

    public Routine Reader => new("reader", EnterRead, Look, ExitRead);

    public Routine TimedReader => new("reader", EnterRead.Timed(), Look, ExitRead);

    public Routine Writer => new("writer", EnterWrite, Change, Exit);

    public Routine TimedWriter => new("writer", EnterWrite.Timed(), Change, Exit);

    /// <summary>Reads, writes, reads on, leaves.</summary>
    public Routine Upgrader => new("upgrader", EnterUpgradeable, Upgrade, Change, Downgrade, Exit);

    public Routine TimedUpgrader => new("upgrader", EnterUpgradeable.Timed(), Upgrade.Timed(), Change, Downgrade, Exit);

    /// <summary>Writes, then reads what it wrote.</summary>
    public Routine Downgrader => new("downgrader", EnterWrite, Change, ToReader, Look, ExitRead);

    public static ulong OwnedBy(Actor me) => me[Owned];

    public override void CheckAlways(World world)
    {
        ulong writers = world.Ghost(Writers);
        if (writers != 0 && !IsOwner(world, writers, ReaderWriterMode.Writing))
        {
            world.Fail("who writes is not the owner");
        }
        if (Watched >= 0 && world.Thread(Watched).Status == ThreadStatus.Asleep)
        {
            world.Ghost(HasSlept) = 1;
        }
    }

    public override void Crashed(World world, int slot)
    {
        ulong owner = world.Peek(ReaderWriterOwner.Word);
        if (ReaderWriterOwner.IsOwnedBy(owner, slot) && ReaderWriterOwner.ModeOf(owner) == ReaderWriterMode.Writing)
        {
            world.Ghost(IsAbandoned) = 1;
        }
        for (int thread = 0; thread < 64; thread++)
        {
            ulong bit = 1UL << thread;
            if (((world.Ghost(Readers) | world.Ghost(Writers) | world.Ghost(Upgradeables)) & bit) != 0 && world.SlotOf(thread) == slot)
            {
                world.Ghost(Readers) &= ~bit;
                world.Ghost(Writers) &= ~bit;
                world.Ghost(Upgradeables) &= ~bit;
            }
        }
    }

    public override void CheckAtRest(World world)
    {
        if (!ReaderWriterOwner.IsFree(world.Peek(ReaderWriterOwner.Word)))
        {
            world.Fail("in the end it has an owner");
        }
        for (int slot = 0; slot < world.Slots; slot++)
        {
            if (!ReaderWriterReaders.IsIdle(world.Peek(ReaderWriterReaders.Word(slot))))
            {
                world.Fail($"in the end p{slot} has readers");
            }
        }
    }

    public static void EnteredRead(Actor me, ReaderWriterEntry outcome)
    {
        me.World.Ghost(HasSlept) = me.World.Ghost(Passed) = 0;
        if (IsIn(me, outcome, 2))
        {
            me.Check(me.World.Ghost(Writers) == 0, "reads while another writes");
            me.World.Ghost(Readers) |= Bit(me);
        }
    }

    private static void EnteredUpgradeable(Actor me, ReaderWriterEntry outcome, ulong owned)
    {
        if (IsIn(me, outcome, 4))
        {
            me.Check((me.World.Ghost(Writers) | me.World.Ghost(Upgradeables)) == 0, "may write while another may");
            me.World.Ghost(Upgradeables) |= Bit(me);
            me[Owned] = owned;
        }
    }

    // Who cannot upgrade goes on as what it was.
    public static void EnteredWrite(Actor me, ReaderWriterEntry outcome, ulong owned, int skipped)
    {
        if (!IsIn(me, outcome, skipped))
        {
            return;
        }
        ulong others = (me.World.Ghost(Readers) | me.World.Ghost(Writers) | me.World.Ghost(Upgradeables)) & ~Bit(me);
        me.Check(others == 0, "writes while others are inside");
        me.World.Ghost(Writers) |= Bit(me);
        me.World.Ghost(Upgradeables) &= ~Bit(me);
        me[Owned] = owned;
        me[IsTold] = outcome == ReaderWriterEntry.Abandoned ? 1UL : 0;
        me.World.Ghost(Passed) += me.World.Ghost(HasSlept);
        me.Check(me.World.Ghost(Passed) <= PassedMax, "passes a reader once more");
    }

    private static bool IsIn(Actor me, ReaderWriterEntry outcome, int skipped)
    {
        switch (outcome)
        {
            case ReaderWriterEntry.Busy:
                me.Check(me.IsWithdrawn || me.Waiters == Waiters.None, "gave up by itself");
                me.Skip(skipped);
                return false;
            case ReaderWriterEntry.Unusable:
                me.Check(me.World.Ghost(IsSpoiled) != 0, "was told Unusable although no writer left without declaring the data consistent");
                me.End();
                return false;
            default:
                bool isTold = outcome == ReaderWriterEntry.Abandoned;
                me.Check(isTold == (me.World.Ghost(IsAbandoned) != 0), $"was told {outcome}");
                return true;
        }
    }

    private static void Looked(Actor me, ulong found)
    {
        me.Check(found == me.World.Ghost(Changes), "did not see what was written before");
        me.World.Ghost(Readers) &= ~Bit(me);
    }

    private static void Changed(Actor me, ulong found)
    {
        me.Check(found == me.World.Ghost(Changes)++, "did not see what was written before");
        me.World.Ghost(Writers) &= ~Bit(me);
        me.World.Ghost(IsSpoiled) |= me[IsTold];
    }

    private static void BecameReader(Actor me, bool isReader)
    {
        me.Check(isReader, "is no reader");
        me.Check(me.World.Ghost(Writers) == 0, "reads while another writes");
        me.World.Ghost(Readers) |= Bit(me);
    }

    // Before its first step: others may be in before its last one, which wakes them.
    private static ulong Leaves(Actor me)
    {
        me.World.Ghost(Upgradeables) &= ~Bit(me);
        return OwnedBy(me);
    }

    private static bool IsOwner(World world, ulong threads, ReaderWriterMode mode)
    {
        ulong owner = world.Peek(ReaderWriterOwner.Word);
        return ReaderWriterOwner.OwnerOf(owner) == world.SlotOf(BitOperations.TrailingZeroCount(threads)) && ReaderWriterOwner.ModeOf(owner) == mode;
    }

    private static ulong Bit(Actor me) => 1UL << me.Thread;

    private static string ShowOwner(ulong word)
    {
        string owner = ReaderWriterOwner.IsFree(word) ? "free" : $"p{ReaderWriterOwner.OwnerOf(word)} {ReaderWriterOwner.ModeOf(word)}";
        string wait = ReaderWriterOwner.HasReadersWaiting(word) ? " readers wait" : "";
        string abandoned = ReaderWriterOwner.EntryOf(word) == ReaderWriterEntry.Abandoned ? " abandoned" : "";
        string unusable = ReaderWriterOwner.IsUnusable(word) ? " unusable" : "";
        return $"#{ReaderWriterOwner.GenerationOf(word)} {owner}{wait}{abandoned}{unusable}{Show(WaiterFlags.Of(word))}";
    }

    private static string ShowReaders(ulong word) =>
        $"#{word >> 32} {ReaderWriterReaders.InsideOf(word)} inside {ReaderWriterReaders.WantingOf(word)} want{Show(WaiterFlags.Of(word))}";

    private static string Show(Waiters waiters) => waiters == Waiters.None ? "" : $" {waiters}";
}

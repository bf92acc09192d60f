using System.Numerics;

namespace Isthmus.Tests.Explorer;

/// <summary>
/// The mutex and the data in it. Promises: one inside at a time, who sees what all before it have written; a death inside is told to each
/// later owner; in the end it is free.
/// </summary>
internal sealed class MutexSubject : Subject
{
    private const int Data = StateLayout.WordsPerLine;

    // Locals of a thread.
    private const int Owned = 0;
    private const int IsTold = 1;

    // Ghosts: a bit for each thread that is inside; whether an owner died in it; whether one who was told leaves or has left; how often the data was changed.
    private const int Inside = 0;
    private const int IsAbandoned = 1;
    private const int IsSpoiled = 2;
    private const int Changes = 3;

    public MutexSubject()
    {
        Word(MutexWord.Word, "owner", 0, Show);
        Word(Data, "data");
    }

    public Instruction Enter { get; init; } = Instruction.Run(
        me => new MutexEnter(me.Slot, me.Waiters), (me, enter) => Entered(me, enter.Outcome, enter.Owned));

    public Instruction Change { get; } = Instruction.Run(me => new Increment(Data), (me, change) => Changed(me, change.Found));

    public Instruction Exit { get; init; } = Instruction.Run(me => new MutexExit(OwnedBy(me)), (me, exit) => Left(me, exit.Left));

    public override Instruction Recovery { get; init; } = Instruction.Run(me => new MutexRecovery(me.Victim, me.IsProven));

    public override int Ghosts => 4;

    /// <summary>Enters, changes the data, leaves.</summary>
    public Routine Worker => new("worker", Enter, Change, Exit);

    /// <summary>The same, and gives up at any time.</summary>
    public Routine TimedWorker => new("worker", Enter.Timed(), Change, Exit);

    public static ulong OwnedBy(Actor me) => me[Owned];

    public static void Entered(Actor me, MutexEntry outcome, ulong owned)
    {
        switch (outcome)
        {
            case MutexEntry.Busy:
                me.Check(me.IsWithdrawn || me.Waiters == Waiters.None, "gave up by itself");
                me.Skip(2);
                break;
            case MutexEntry.Unusable:
                me.Check(me.World.Ghost(IsSpoiled) != 0, "was told Unusable although nobody left without declaring the data consistent");
                me.End();
                break;
            default:
                me.Check(me.World.Ghost(Inside) == 0, "entered while another was inside");
                me.Check((outcome == MutexEntry.Abandoned) == (me.World.Ghost(IsAbandoned) != 0), $"was told {outcome}");
                me.World.Ghost(Inside) |= 1UL << me.Thread;
                me[Owned] = owned;
                me[IsTold] = outcome == MutexEntry.Abandoned ? 1UL : 0;
                break;
        }
    }

    public static void Left(Actor me, bool left) => me.Check(left, "was not the owner when it left");

    // From now on it is about to leave.
    public static void Changed(Actor me, ulong found)
    {
        me.Check(found == me.World.Ghost(Changes)++, "did not see what was written before");
        me.World.Ghost(Inside) &= ~(1UL << me.Thread);
        me.World.Ghost(IsSpoiled) |= me[IsTold];
    }

    public override void CheckAlways(World world)
    {
        ulong inside = world.Ghost(Inside);
        if (inside != 0 && MutexWord.OwnerOf(world.Peek(MutexWord.Word)) != world.SlotOf(BitOperations.TrailingZeroCount(inside)))
        {
            world.Fail("who is inside is not the owner");
        }
    }

    public override void Crashed(World world, int slot)
    {
        if (MutexWord.IsOwnedBy(world.Peek(MutexWord.Word), slot))
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

    private static string Show(ulong word)
    {
        string owner = MutexWord.IsFree(word) ? "free" : $"p{MutexWord.OwnerOf(word)}";
        string abandoned = (word & MutexWord.Abandoned) != 0 ? " abandoned" : "";
        string unusable = (word & MutexWord.Unusable) != 0 ? " unusable" : "";
        string waiters = MutexWord.WaitersOf(word) != Waiters.None ? $" {MutexWord.WaitersOf(word)}" : "";
        return $"#{MutexWord.GenerationOf(word)} {owner}{abandoned}{unusable}{waiters}";
    }
}

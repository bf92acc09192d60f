using System.Numerics;

namespace Isthmus.Tests.Explorer;

/// <summary>
/// The owner-tracked semaphore. Promises: each permit is available or held at any instant; no more are inside than there are permits; who holds none
/// cannot release; what the dead held is available in the end.
/// </summary>
internal sealed class TrackedSemaphoreSubject : Subject
{
    // Ghost: a bit for each thread that is inside.
    private const int Inside = 0;

    private readonly int _permits;

    public TrackedSemaphoreSubject(int permits)
    {
        _permits = permits;
        Word(TrackedWord.Word, "semaphore", TrackedWord.Initial(permits), Show);
        SlotWord(0, "held", 0, held => $"{HeldWord.HeldOf(held)} after #{HeldWord.NumberOf(held)}");
    }

    public static Suite Suite
    {
        get
        {
            TrackedSemaphoreSubject one = new(1), two = new(2);
            Routine worker = one.Worker with { Rounds = 2 };
            Routine bells = worker with { Waiters = Waiters.Bells };
            return new Suite(
                "semaphore (owner-tracked)",
                Whole:
                [
                    new Scenario(one, [one.Worker], [one.Worker]) { Crashes = 1, Occupant = one.Worker },
                    new Scenario(one, [one.DoubleWorker], [one.DoubleWorker]) { Crashes = 1, HasSpuriousWakes = false },
                    new Scenario(one, [one.Worker, one.Worker], [one.Worker with { Waiters = Waiters.Bells }]) { HasSpuriousWakes = false },
                    new Scenario(one, [worker], [worker]) { Crashes = 1, Occupant = one.Worker },
                ],
                Sampled:
                [
                    new Scenario(two, [worker], [bells], [worker], [worker, bells]) { Crashes = 2, Occupant = worker },
                    new Scenario(two, [worker, worker], [two.DoubleWorker], [bells], []) { Crashes = 3, Occupant = worker, Spins = 1 },
                ]);
        }
    }

    public Instruction Acquire { get; init; } = Instruction.Run(
        me => new TrackedAcquire(me.Slot, me.Waiters), (me, acquire) => Acquired(me, acquire.Acquired));

    public Instruction Release { get; init; } = Instruction.Run(
        me => Leaving(me), (me, release) => me.Check(release.Released, "could not release what it held"));

    /// <summary>By somebody who holds nothing.</summary>
    public Instruction ReleaseAgain { get; init; } = Instruction.Run(
        me => new TrackedRelease(me.Slot), (me, release) => me.Check(!release.Released, "released what it did not hold"));

    public override Instruction Recovery { get; init; } = Instruction.Run(me => new TrackedRecovery(me.Victim, me.IsProven));

    public override int Ghosts => 1;

    /// <summary>Acquires unless it gives up, releases.</summary>
    public Routine Worker => new("worker", Acquire.Timed(), Release);

    /// <summary>The same, and releases twice.</summary>
    public Routine DoubleWorker => new("double", Acquire, Release, ReleaseAgain);

    public static void Acquired(Actor me, bool acquired)
    {
        if (acquired)
        {
            me.World.Ghost(Inside) |= 1UL << me.Thread;
            return;
        }
        me.Check(me.IsWithdrawn, "gave up by itself");
        me.End();
    }

    public override void CheckAlways(World world)
    {
        ulong central = world.Peek(TrackedWord.Word);
        int permits = TrackedWord.AvailableOf(central);
        for (int slot = 0; slot < world.Capacity; slot++)
        {
            permits += HeldWord.HeldOf(HeldWord.Current(world.Peek(HeldWord.Word(slot)), slot, central));
        }
        if (permits != _permits)
        {
            world.Fail($"there are {permits} permits");
        }
        if (BitOperations.PopCount(world.Ghost(Inside)) > _permits)
        {
            world.Fail("more are inside than there are permits");
        }
    }

    public override void Crashed(World world, int slot)
    {
        for (ulong left = world.Ghost(Inside); left != 0; left &= left - 1)
        {
            int thread = BitOperations.TrailingZeroCount(left);
            if (world.SlotOf(thread) == slot)
            {
                world.Ghost(Inside) &= ~(1UL << thread);
            }
        }
    }

    public override void CheckAtRest(World world)
    {
        if (TrackedWord.AvailableOf(world.Peek(TrackedWord.Word)) != _permits)
        {
            world.Fail("not all permits came back");
        }
    }

    // From now on it is about to leave.
    private static TrackedRelease Leaving(Actor me)
    {
        me.World.Ghost(Inside) &= ~(1UL << me.Thread);
        return new(me.Slot);
    }

    private static string Show(ulong word)
    {
        string last = $"p{TrackedWord.DoerOf(word)}'s {TrackedWord.KindOf(word)} #{TrackedWord.NumberOf(word)}";
        return $"{TrackedWord.AvailableOf(word)} after {last} {WaiterFlags.Of(word)}";
    }
}

namespace Isthmus.Tests.Explorer;

/// <summary>
/// The value: version v is the pair (v, v). Promises: what is read is whole and has its version; nobody reads backwards; who waits for a newer one
/// gets it; a dead writer stops nobody.
/// </summary>
internal sealed class ValueSubject : Subject
{
    private const int First = 2 * StateLayout.WordsPerLine;

    // Locals of a thread: the mutex as it was entered; the version read last.
    private const int Owned = 0;
    private const int Known = 1;

    /// <summary>Where the copies stand.</summary>
    public static ValueCopies<Pair> Copies { get; } = new(First);

    public ValueSubject()
    {
        Word(MutexWord.Word, "writer");
        Word(ValueWord.Word, "version", 0, word => $"{ValueWord.VersionOf(word)} {WaiterFlags.Of(word)}");
        for (int version = 0; version < 2; version++)
        {
            for (int index = 0; index < ValueCopies<Pair>.Words; index++)
            {
                Word(Copies.WordOf(version, index), $"copy{version}.{index}");
            }
        }
    }

    public static Suite Suite
    {
        get
        {
            ValueSubject value = new();
            Routine reader = value.Reader with { Rounds = 2 };
            Routine writer = value.Writer with { Rounds = 2 };
            Routine bells = value.Waiter with { Waiters = Waiters.Bells };
            return new Suite(
                "value",
                Whole:
                [
                    new Scenario(value, [reader], [writer]) { Crashes = 1, Occupant = value.Writer },
                    new Scenario(value, [value.Waiter], [writer]) { Crashes = 1, Occupant = value.Writer },
                    new Scenario(value, [value.Reader], [value.Writer], [value.Writer]) { HasSpuriousWakes = false },
                ],
                Sampled:
                [
                    new Scenario(value, [reader], [writer, bells], [writer], [value.Waiter]) { Crashes = 2, Occupant = writer },
                    new Scenario(value, [reader, writer], [reader, value.Waiter], [writer, bells], []) { Crashes = 3, Occupant = writer, Spins = 1 },
                ]);
        }
    }

    public Instruction Enter { get; } = Instruction.Run(
        me => new MutexEnter(me.Slot, me.Waiters), (me, enter) => me[Owned] = enter.Owned);

    public Instruction Consistent { get; } = Instruction.Run(me => new MutexConsistent(me[Owned]));

    public Instruction Publish { get; init; } = Instruction.Run(
        me => new ValuePublish<Pair>(Copies, Next(me)));

    public Instruction Exit { get; } = Instruction.Run(
        me => new MutexExit(me[Owned]), (me, exit) => me.Check(exit.Left, "was not the writer when it left"));

    public Instruction Read { get; init; } = Instruction.Run(me => new ValueRead<Pair>(Copies), (me, read) => WasRead(me, read.Value, read.Version));

    public Instruction Wait { get; init; } = Instruction.Run(
        me => new PassGate<NewerGate>(new NewerGate((long)me[Known]), me.Waiters),
        (me, wait) => me.Check(wait.Passed || me.IsWithdrawn, "gave up by itself"));

    public override Instruction Recovery { get; init; } = Instruction.Run(me => new ValueRecovery(me.Victim, me.IsProven));

    public Routine Reader => new("reader", Read);

    public Routine Writer => new("writer", Enter, Consistent, Publish, Exit);

    /// <summary>Waits for a newer value than it has, unless it gives up, and reads it.</summary>
    public Routine Waiter => new("waiter", Wait.Timed(), Read);

    public override bool MayRest(Actor sleeper) =>
        sleeper.World.Thread(sleeper.Thread).Word == 1 && ValueWord.VersionOf(sleeper.World.Peek(ValueWord.Word)) <= (long)sleeper[Known];

    public override void CheckAtRest(World world)
    {
        if (!MutexWord.IsFree(world.Peek(MutexWord.Word)))
        {
            world.Fail("in the end somebody writes");
        }
    }

    public static void WasRead(Actor me, Pair value, long version)
    {
        me.Check(value == new Pair((ulong)version, (ulong)version), $"read {value} as version {version}");
        me.Check(version >= (long)me[Known], "read an older value than before");
        me[Known] = (ulong)version;
    }

    public static Pair Next(Actor me)
    {
        ulong version = (ulong)ValueWord.VersionOf(me.World.Peek(ValueWord.Word)) + 1;
        return new(version, version);
    }
}

namespace Isthmus.Tests.Explorer;

/// <summary>
/// The agreement on who fences (<see cref="FenceWord"/>): positions that are published by plain stores, and those who sleep until there is another one.
/// Promise: nobody sleeps through a publication, whenever somebody asks for the fences, confirms them, or gives them up.
/// </summary>
internal sealed class FenceSubject : Subject
{
    /// <summary>The <see cref="FenceWord"/>.</summary>
    public const int Fences = 0;

    /// <summary>What is published.</summary>
    public const int Position = StateLayout.WordsPerLine;

    /// <summary>What is slept on.</summary>
    public const int Flag = 2 * StateLayout.WordsPerLine;

    /// <summary>Nobody looks at it: to write it by compare-exchange is a full fence.</summary>
    public const int Scratch = 3 * StateLayout.WordsPerLine;

    // Local of a thread: the position that it has published or seen last.
    private const int Seen = 0;

    private readonly FenceFault _fault;

    public FenceSubject(FenceFault fault = FenceFault.None, ulong fences = 0)
    {
        _fault = fault;
        Word(Fences, "fences", fences, word => $"#{word >> 2} mode {word & 3}");
        Word(Position, "position");
        Word(Flag, "flag", 0, word => $"#{(uint)WaiterFlags.Without(word)} {WaiterFlags.Of(word)}");
        Word(Scratch, "scratch");
    }

    public static Suite Suite
    {
        get
        {
            FenceSubject plain = new();
            Routine sleeper = plain.Sleeper with { Rounds = 2 }, publisher = plain.Publisher with { Rounds = 2 }, other = plain.Other with { Rounds = 2 };
            return new Suite(
                "fences",
                Whole:
                [
                    new Scenario(plain, [publisher], [sleeper]) { HasSpuriousWakes = false },
                    new Scenario(plain, [plain.Publisher], [plain.Sleeper], [other], [plain.GivingUp]) { HasSpuriousWakes = false },
                    new Scenario(plain, [plain.Publisher], [plain.Sleeper], [plain.Other], [plain.Other]) { HasSpuriousWakes = false },
                    new Scenario(plain, [plain.Publisher], [sleeper], [plain.Other]) { HasSpuriousWakes = false, Crashes = 1 },
                ],
                Sampled:
                [
                    new Scenario(
                        plain,
                        [plain.Publisher with { Rounds = 4 }],
                        [plain.Sleeper with { Rounds = 4 }],
                        [plain.Sleeper with { Rounds = 4, Waiters = Waiters.Bells }],
                        [plain.Other with { Rounds = 6 }],
                        [plain.GivingUp with { Rounds = 3 }])
                    {
                        Crashes = 1,
                    },
                ])
            {
                StatesMax = 300_000,
            };
        }
    }

    public override Instruction Recovery { get; init; } = Instruction.Run(_ => new Raise(Flag));

    /// <summary>Publishes the next position.</summary>
    public Routine Publisher => new(
        "publisher", Instruction.Run(me => new FencedPublish(++me[Seen], _fault)));

    /// <summary>Sleeps until there is another position.</summary>
    public Routine Sleeper => new(
        "sleeper", Instruction.Run(me => new FencedSleep(me[Seen], me.Waiters, _fault), (me, sleep) => me[Seen] = sleep.Position));

    /// <summary>Fences as one who sleeps on another word.</summary>
    public Routine Other => new("other", Instruction.Run(_ => new FenceOfSleeper(_fault)));

    /// <summary>Gives the fences up, for no reason.</summary>
    public Routine GivingUp => new("giving up", Instruction.Run(_ => new FencesGivenUp(_fault)));

    public override bool MayRest(Actor sleeper) => sleeper.World.Peek(Position) == sleeper[Seen];
}

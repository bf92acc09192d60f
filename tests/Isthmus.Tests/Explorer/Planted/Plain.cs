namespace Isthmus.Tests.Explorer;

/// <summary>One word, and nothing that must hold but what the explorer checks by itself.</summary>
internal sealed class Plain : Subject
{
    public Plain() => Word(0, "word");

    /// <summary>Whether it is right that somebody sleeps in the end.</summary>
    public bool LetsSleep { get; init; }

    public override Instruction Recovery { get; init; } = Instruction.Run(_ => new Access(AccessKind.Load, 0, 0));

    public override bool MayRest(Actor sleeper) => LetsSleep;

    public static Routine Does(RogueDeed deed) => new("rogue", Instruction.Run(_ => new Rogue(deed)).Timed());
}

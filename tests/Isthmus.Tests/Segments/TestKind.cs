namespace Isthmus.Tests.Segments;

/// <summary>A mutex word and nothing else: what the tests of segments put into one.</summary>
internal static class TestKind
{
    public static SegmentKind Mutex { get; } = new(0x7E57, "TestMutex", "mutex word at line 0", static (memory, slot, proven) =>
    {
        MutexRecovery recovery = new(slot, proven);
        Driver.Run(ref memory, ref recovery);
    });

    public static SharedObjectOptions In(string directory) => new() { Directory = directory };

    /// <summary>Attaches to the segment "x" of the directory.</summary>
    public static Segment Open(string directory, string name = "x") => Segment.Open(Mutex, name, In(directory));

    public static Segment Create(string directory, string name = "x") => Segment.Create(Mutex, name, In(directory), [], []);

    /// <summary>Makes one with so few slots that those of the dead are taken again.</summary>
    public static Segment CreateFor(int participants, string directory) =>
        Segment.Create(Mutex, "x", In(directory) with { MaxParticipants = participants }, [], []);

    public static MutexEntry TryEnter(Segment segment) => TryEnter(segment, out _);

    public static MutexEntry TryEnter(Segment segment, out ulong owned)
    {
        MutexEnter enter = new(segment.Slot, Waiters.None);
        Driver.Run(segment, ref enter);
        owned = enter.Owned;
        return enter.Outcome;
    }

    public static bool Exit(Segment segment, ulong owned)
    {
        MutexExit exit = new(owned);
        Driver.Run(segment, ref exit);
        return exit.Left;
    }

    /// <summary>Attaches, enters the mutex, and is gone as if it had been killed.</summary>
    public static void EnterAndDie(Segment survivor, string directory, string name = "x")
    {
        Segment segment = Open(directory, name);
        Assert.Equal(MutexEntry.Entered, TryEnter(segment));
        segment.Die(survivor);
    }
}

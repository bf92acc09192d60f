namespace Isthmus.Tests.Segments;

/// <summary>A mutex word and nothing else: what the tests of segments put into one.</summary>
internal static class TestKind
{
    public static SegmentKind Mutex { get; } = new(0x7E57, "TestMutex", "mutex word at line 0", static (segment, slot, proven) =>
    {
        MutexRecovery recovery = new(slot, proven);
        Words memory = new(segment);
        while (recovery.Step(ref memory).Kind != ProgressKind.Done)
        {
        }
    });

    public static SharedObjectOptions In(string directory) => new() { Directory = directory };

    /// <summary>Attaches to the segment "x" of the directory.</summary>
    public static Segment Open(string directory, string name = "x") => Segment.Open(Mutex, name, In(directory));

    public static Segment Create(string directory, string name = "x") => Segment.Create(Mutex, name, In(directory), [], []);

    public static MutexEntry TryEnter(Segment segment) => TryEnter(segment, out _);

    public static MutexEntry TryEnter(Segment segment, out ulong owned)
    {
        MutexEnter enter = new(segment.Slot, Waiters.None);
        Words memory = new(segment);
        while (enter.Step(ref memory).Kind != ProgressKind.Done)
        {
        }
        owned = enter.Owned;
        return enter.Outcome;
    }

    public static bool Exit(Segment segment, ulong owned)
    {
        MutexExit exit = new(owned);
        Words memory = new(segment);
        while (exit.Step(ref memory).Kind != ProgressKind.Done)
        {
        }
        return exit.Left;
    }

    /// <summary>The bare words: nobody waits in these tests, so nobody is woken.</summary>
    public readonly unsafe struct Words(Segment segment) : ISharedMemory
    {
        public int Slots => segment.SlotsInUse;

        public ulong Load(int word) => Volatile.Read(ref At(word));

        public void Store(int word, ulong value) => Volatile.Write(ref At(word), value);

        public bool CompareExchange(int word, ref ulong expected, ulong value)
        {
            ulong wanted = expected;
            expected = Interlocked.CompareExchange(ref At(word), value, wanted);
            return expected == wanted;
        }

        public bool IsDead(int slot) => segment.IsDead(slot);

        public void Wake(int word, Waiters waiters, int most)
        {
        }

        public bool Spin(ref int round) => false;

        private ref ulong At(int word) => ref ((ulong*)segment.State)[word];
    }
}

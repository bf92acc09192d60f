namespace Isthmus;

/// <summary>What a step of an operation came to.</summary>
internal readonly record struct Progress
{
    private Progress(ProgressKind kind, int word = 0, uint expected = 0) => (Kind, Word, Expected) = (kind, word, expected);

    /// <summary>There is a next step.</summary>
    public static Progress Continues => new(ProgressKind.Continues);

    /// <summary>The operation has its outcome.</summary>
    public static Progress Done => new(ProgressKind.Done);

    public ProgressKind Kind { get; }

    /// <summary>The word to wait on.</summary>
    public int Word { get; }

    /// <summary>The low half of the word while there is reason to wait.</summary>
    public uint Expected { get; }

    /// <summary>
    /// The next step has a chance only when the low half of the word is not <paramref name="expected"/> any more; the waiter has left its
    /// flag there. Stepping earlier is allowed.
    /// </summary>
    public static Progress WaitsFor(int word, ulong expected) => new(ProgressKind.Waits, word, (uint)expected);
}

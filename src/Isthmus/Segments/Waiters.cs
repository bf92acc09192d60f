namespace Isthmus;

/// <summary>
/// How somebody waits for a word. The flags stand in the two highest bits of its low half, so that who changes the word sees whom to wake.
/// </summary>
[Flags]
internal enum Waiters : uint
{
    /// <summary>Nobody; as the mode of an operation: it does not wait.</summary>
    None = 0,

    /// <summary>Asynchronously: the process wants its bell rung.</summary>
    Bells = 1u << 30,

    /// <summary>A thread in <c>futex(2)</c>.</summary>
    Sleepers = 1u << 31,

    /// <summary>Either.</summary>
    All = Bells | Sleepers,
}

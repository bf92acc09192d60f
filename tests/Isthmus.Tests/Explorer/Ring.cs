namespace Isthmus.Tests.Explorer;

/// <summary>What a thread that waits for its bell makes of a ring.</summary>
internal enum Ring : byte
{
    None,

    /// <summary>It does its steps because the bell rang.</summary>
    Tried,

    /// <summary>The same, and the bell rang again meanwhile.</summary>
    TriedAgain,
}

namespace Isthmus;

/// <summary>How an <see cref="IWordGate"/> is for somebody who comes to it.</summary>
internal enum GateState
{
    /// <summary>It must be waited for.</summary>
    Closed,

    /// <summary>Passing changes nothing: all pass.</summary>
    Open,

    /// <summary>Passing changes the word: who changes it passes.</summary>
    Grants,
}

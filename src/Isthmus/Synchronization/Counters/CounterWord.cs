namespace Isthmus;

/// <summary>The word of a counter: 64 bits, and nothing else.</summary>
internal static class CounterWord
{
    /// <summary>Where it stands.</summary>
    public const int Word = 0;
}

namespace Isthmus;

/// <summary>How an operation that never waits changes a single word. The rest is <see cref="ChangeWord{TChange}"/>.</summary>
/// <remarks>A struct. Nothing has a default here: to call that of an interface, the struct is boxed.</remarks>
internal interface IWordChange
{
    /// <summary>Where it stands.</summary>
    static abstract int Word { get; }

    /// <summary>The word after the change; false when it cannot be made.</summary>
    bool TryChange(ulong word, out ulong changed);

    /// <summary>How many threads to wake, of those that the word told of before the change.</summary>
    int WakesOf(ulong changed);
}

namespace Isthmus;

/// <summary>How a <see cref="SharedEvent"/> is made.</summary>
public record SharedEventOptions : SharedObjectOptions
{
    /// <summary>Whether a new event is set from the beginning.</summary>
    public bool IsSet { get; init; }
}

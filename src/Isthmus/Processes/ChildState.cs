namespace Isthmus;

/// <summary>Whether a child runs.</summary>
public enum ChildState
{
    /// <summary>It goes on after it was stopped.</summary>
    Continued,

    /// <summary>A signal stopped it.</summary>
    Stopped,
}

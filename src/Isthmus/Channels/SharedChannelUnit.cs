namespace Isthmus;

/// <summary>What a channel counts.</summary>
public enum SharedChannelUnit
{
    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>Messages, samples or calls.</summary>
    Messages,
}

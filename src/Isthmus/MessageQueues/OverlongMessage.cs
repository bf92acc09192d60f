namespace Isthmus;

/// <summary>What becomes of a message that is longer than the receiver's buffer.</summary>
public enum OverlongMessage
{
    /// <summary>The call fails with <c>E2BIG</c>, and the message stays in the queue.</summary>
    Stays,

    /// <summary>It is taken and cut to the buffer; the rest is lost (<c>MSG_NOERROR</c>).</summary>
    IsCut,
}

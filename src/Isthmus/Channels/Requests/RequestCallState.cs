namespace Isthmus;

/// <summary>How a call stands, as its call word says.</summary>
internal enum RequestCallState
{
    /// <summary>There is none, or its client took it back before any server had it.</summary>
    Idle,

    /// <summary>Any server may take it.</summary>
    Posted,

    /// <summary>A server has it; when the reply word has its id, it is over.</summary>
    Claimed,

    /// <summary>As <see cref="Claimed"/>, and nobody waits for it any more: the client gave up, or died.</summary>
    Cancelled,
}

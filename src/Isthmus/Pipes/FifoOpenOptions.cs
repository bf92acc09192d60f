namespace Isthmus;

/// <summary>How an end of a FIFO is opened.</summary>
public sealed record FifoOpenOptions
{
    /// <summary>
    /// Accept a FIFO that another user owns. Without it only one's own and root's are opened: in a directory where others may write, such
    /// as <c>/tmp</c>, somebody else could have put one at the name.
    /// </summary>
    public bool AnyOwner { get; init; }

    /// <summary>
    /// For reading: when the last writer closes, wait for the next one instead of reporting the end. The reader itself then
    /// counts as a writer (<c>O_RDWR</c>), so it needs the permission to write.
    /// </summary>
    public bool KeepOpen { get; init; }
}

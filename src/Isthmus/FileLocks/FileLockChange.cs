namespace Isthmus;

/// <summary>How an attempt to turn a shared lock into an exclusive one, or back, has ended.</summary>
public enum FileLockChange
{
    /// <summary>The lock is held in the new mode.</summary>
    Changed,

    /// <summary>Others are in the way; the lock is held as before, without interruption.</summary>
    Refused,

    /// <summary>
    /// Others are in the way, and the old lock is gone. Only <see cref="FileLockKind.Flock"/>: <c>flock(2)</c> gives the old
    /// lock up before it asks for the new one.
    /// </summary>
    Lost,
}

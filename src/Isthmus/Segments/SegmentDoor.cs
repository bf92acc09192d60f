using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// Byte 0 of a segment. Whoever attaches holds it shared, so that nobody takes the segment for left over before a life lock is taken;
/// whoever removes it holds it exclusively.
/// </summary>
internal readonly struct SegmentDoor : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly FileLockCall _lock;

    private SegmentDoor(FileLockCall held) => _lock = held;

    /// <summary>Waits while somebody cleans; but not for ever, because anybody who may open the file may hold it.</summary>
    /// <exception cref="PosixException"><c>EAGAIN</c>: for two seconds.</exception>
    public static SegmentDoor Enter(SafeHandle file, string name)
    {
        FileLockCall door = Call(file, name, FileLockMode.Shared);
        Deadline deadline = Deadline.After(s_patience);
        Backoff backoff = default;
        while (door.Run(noWait: true, out _) != PollOutcome.Done)
        {
            if (!backoff.Sleep(deadline))
            {
                throw PosixException.From(
                    Errno.EAGAIN, "fcntl", name, "Another process holds its door byte exclusively, as if to remove it; see 'isthmus lock info'.");
            }
        }
        return new SegmentDoor(door);
    }

    /// <summary>Keeps everybody from attaching; null when somebody is just doing it, or another cleans.</summary>
    public static SegmentDoor? TryClose(SafeHandle file, string name)
    {
        FileLockCall door = Call(file, name, FileLockMode.Exclusive);
        return door.Run(noWait: true, out _) == PollOutcome.Done ? new SegmentDoor(door) : null;
    }

    public void Dispose() => _ = _lock.Unlock();

    private static FileLockCall Call(SafeHandle file, string name, FileLockMode mode) =>
        new(file, name, FileLockKind.Ofd, new FileLockRange(SegmentLayout.DoorByte, 1), mode);
}

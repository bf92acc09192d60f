using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// A fence on all processors at once, for those of their threads that belong to a process that has registered (<c>membarrier(2)</c>). So the one who is
/// going to sleep, for a system call anyway, pays for the order of all who publish.
/// </summary>
internal static class GlobalFence
{
    private static readonly Lazy<bool> s_isRegistered = new(static () => LibC.membarrier(LibC.MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED, 0, 0) == 0);

    /// <summary>
    /// Whether this process has them; false where a filter of system calls forbids it. From the first question on it takes part in those of others.
    /// </summary>
    public static bool IsAvailable => s_isRegistered.Value;

    public static void Run()
    {
        if (IsAvailable)
        {
            LibC.Check(LibC.membarrier(LibC.MEMBARRIER_CMD_GLOBAL_EXPEDITED, 0, 0));
        }
        else
        {
            Interlocked.MemoryBarrier();
        }
    }
}

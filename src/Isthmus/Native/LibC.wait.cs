namespace Isthmus.Native;

// sys/wait.h
internal static partial class LibC
{
    public const int P_ALL = 0, P_PID = 1, P_PGID = 2, P_PIDFD = 3;
    public const int WNOHANG = 1, WSTOPPED = 2, WEXITED = 4, WCONTINUED = 8, WNOWAIT = 0x1000000;
}

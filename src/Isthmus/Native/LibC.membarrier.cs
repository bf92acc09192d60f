namespace Isthmus.Native;

// linux/membarrier.h
internal static partial class LibC
{
    public const int MEMBARRIER_CMD_GLOBAL_EXPEDITED = 2, MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED = 4;

    public static int membarrier(int command, uint flags, int cpu) => (int)syscall(SYS_membarrier, command, (nint)flags, cpu);
}

using System.Runtime.InteropServices;

namespace Isthmus.Native;

// sys/shm.h
internal static partial class LibC
{
    public const int SHM_RDONLY = 0x1000, SHM_HUGETLB = 0x800;
    public const int SHM_LOCK = 11, SHM_UNLOCK = 12;
    public const uint SHM_DEST = 0x200, SHM_LOCKED = 0x400;

    [StructLayout(LayoutKind.Sequential)]
    public struct shmid_ds
    {
        public ipc_perm shm_perm;
        public nuint shm_segsz;
        public long shm_atime;
        public long shm_dtime;
        public long shm_ctime;
        public int shm_cpid;
        public int shm_lpid;
        public ulong shm_nattch;
        private readonly ulong _reserved1;
        private readonly ulong _reserved2;
    }

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int shmget(int key, nuint size, int flags);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial nint shmat(int id, nint address, int flags);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int shmdt(nint address);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int shmctl(int id, int command, shmid_ds* buffer);
}

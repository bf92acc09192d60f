using System.Runtime.InteropServices;

namespace Isthmus.Native;

// sys/sem.h
internal static partial class LibC
{
    public const int SEM_UNDO = 0x1000;
    public const int GETPID = 11, GETVAL = 12, GETALL = 13, GETNCNT = 14, GETZCNT = 15, SETVAL = 16, SETALL = 17;

    internal static partial class X64
    {
        [StructLayout(LayoutKind.Sequential)]
        public struct semid_ds
        {
            public ipc_perm sem_perm;
            public long sem_otime;
            private readonly ulong _reserved1;
            public long sem_ctime;
            private readonly ulong _reserved2;
            public ulong sem_nsems;
            private readonly ulong _reserved3;
            private readonly ulong _reserved4;
        }
    }

    internal static partial class Arm64
    {
        [StructLayout(LayoutKind.Sequential)]
        public struct semid_ds
        {
            public ipc_perm sem_perm;
            public long sem_otime;
            public long sem_ctime;
            public ulong sem_nsems;
            private readonly ulong _reserved3;
            private readonly ulong _reserved4;
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct sembuf
    {
        public ushort sem_num;
        public short sem_op;
        public short sem_flg;
    }

    /// <summary>What the kernel knows of a set, as this architecture lays it out; times in seconds since 1970.</summary>
    [StructLayout(LayoutKind.Explicit)]
    public struct SemaphoreSetStatus
    {
        [FieldOffset(0)]
        public ipc_perm sem_perm;

        [FieldOffset(0)]
        private readonly X64.semid_ds _x64;

        [FieldOffset(0)]
        private readonly Arm64.semid_ds _arm64;

        public readonly long sem_otime => IsArm64 ? _arm64.sem_otime : _x64.sem_otime;

        public readonly long sem_ctime => IsArm64 ? _arm64.sem_ctime : _x64.sem_ctime;

        public readonly ulong sem_nsems => IsArm64 ? _arm64.sem_nsems : _x64.sem_nsems;
    }

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int semget(int key, int count, int flags);

    /// <summary>A null timeout waits for ever, as <c>semop</c> does.</summary>
    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int semtimedop(int id, sembuf* operations, nuint count, timespec* timeout);

    // The fourth argument is a union of a number and pointers, which both calling conventions pass as one register.

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int semctl(int id, int index, int command, nint argument);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int semctl(int id, int index, int command, SemaphoreSetStatus* status);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int semctl(int id, int index, int command, ushort* values);
}

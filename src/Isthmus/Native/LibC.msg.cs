using System.Runtime.InteropServices;

namespace Isthmus.Native;

// sys/msg.h
internal static partial class LibC
{
    public const int MSG_NOERROR = 0x1000, MSG_EXCEPT = 0x2000, MSG_COPY = 0x4000;

    /// <summary>What the kernel knows of a queue; times in seconds since 1970.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 120)]
    public struct msqid_ds
    {
        public ipc_perm msg_perm;
        public long msg_stime;
        public long msg_rtime;
        public long msg_ctime;
        public ulong __msg_cbytes;
        public ulong msg_qnum;
        public ulong msg_qbytes;
        public int msg_lspid;
        public int msg_lrpid;
    }

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int msgget(int key, int flags);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int msgctl(int id, int command, msqid_ds* status);

    /// <summary>A message is its type, a <c>long</c>, and then <paramref name="length"/> bytes.</summary>
    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int msgsnd(int id, void* message, nuint length, int flags);

    /// <inheritdoc cref="msgsnd"/>
    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial nint msgrcv(int id, void* message, nuint length, nint type, int flags);
}

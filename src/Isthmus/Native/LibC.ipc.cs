using System.Runtime.InteropServices;

namespace Isthmus.Native;

// sys/ipc.h
internal static partial class LibC
{
    public const int IPC_PRIVATE = 0, IPC_CREAT = 0x200, IPC_EXCL = 0x400, IPC_NOWAIT = 0x800;
    public const int IPC_RMID = 0, IPC_SET = 1, IPC_STAT = 2, IPC_INFO = 3;

    /// <summary>Owner and permissions of a System V object.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ipc_perm
    {
        public int __key;
        public uint uid;
        public uint gid;
        public uint cuid;
        public uint cgid;
        public uint mode;
        public ushort __seq;
        private readonly ushort _pad;
        private readonly ulong _reserved1;
        private readonly ulong _reserved2;
    }

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ftok(string path, int project);
}

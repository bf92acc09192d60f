using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Native;

// sys/signalfd.h
internal static partial class LibC
{
    public const int SFD_CLOEXEC = 0x80000;

    /// <summary>What a read of a signalfd gives for each signal: <see cref="siginfo_t"/> without its unions.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    public struct signalfd_siginfo
    {
        [FieldOffset(0)]
        public uint ssi_signo;
        [FieldOffset(8)]
        public int ssi_code;
        [FieldOffset(12)]
        public uint ssi_pid;
        [FieldOffset(16)]
        public uint ssi_uid;
        [FieldOffset(24)]
        public uint ssi_tid;
        [FieldOffset(32)]
        public uint ssi_overrun;
        [FieldOffset(48)]
        public ulong ssi_ptr;
    }

    /// <summary>With -1 as descriptor it makes a new one.</summary>
    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial SafeFileHandle signalfd(int fd, sigset_t* set, int flags);
}

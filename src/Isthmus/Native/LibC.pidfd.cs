using System.Runtime.InteropServices;

namespace Isthmus.Native;

// linux/pidfd.h. Distributions ship headers that are older than the kernel that runs: Debian 12 knows of the calls, but not of
// what kernels from 6.9 on added. So these stand in a class of their own, which the test of the bindings compares with
// the headers only where they have them; other tests hold them against the running kernel.
internal static partial class LibC
{
    internal static class Pidfd
    {
        /// <summary>To the process group of that number (kernel 6.9).</summary>
        public const uint PIDFD_SIGNAL_PROCESS_GROUP = 4;

        /// <summary>Asks for the exit status, which stands once the process is reaped (kernel 6.15).</summary>
        public const ulong PIDFD_INFO_EXIT = 8;

        /// <summary>An ioctl whose number carries the struct's size (kernel 6.13).</summary>
        public const nuint PIDFD_GET_INFO = 0xC040FF0B;

        /// <summary>The first published form, 64 bytes; the kernel fills no more than it is given.</summary>
        [StructLayout(LayoutKind.Sequential)]
        public struct pidfd_info
        {
            public ulong mask;
            public ulong cgroupid;
            public uint pid;
            public uint tgid;
            public uint ppid;
            public uint ruid;
            public uint rgid;
            public uint euid;
            public uint egid;
            public uint suid;
            public uint sgid;
            public uint fsuid;
            public uint fsgid;

            /// <summary>As <c>wait(2)</c> encodes it: code in bits 8 to 15, signal in 0 to 6, core dumped in 7.</summary>
            public int exit_code;
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Isthmus.Native;

// signal.h
internal static partial class LibC
{
    public const int SIG_BLOCK = 0, SIG_UNBLOCK = 1, SIG_SETMASK = 2;
    public const int CLD_EXITED = 1, CLD_KILLED = 2, CLD_DUMPED = 3, CLD_STOPPED = 5, CLD_CONTINUED = 6;

    /// <summary>The C library's 1,024-bit set; the kernel's 64 signals are its first word, signal n at bit n-1.</summary>
    [InlineArray(16)]
    public struct sigset_t
    {
        private ulong _word;

        public static sigset_t Full
        {
            get
            {
                sigset_t set = default;
                ((Span<ulong>)set).Fill(ulong.MaxValue);
                return set;
            }
        }
    }

    public const nint SIG_DFL = 0, SIG_IGN = 1;

    [StructLayout(LayoutKind.Sequential)]
    public struct sigaction
    {
        public nint sa_handler;
        public sigset_t sa_mask;
        public int sa_flags;
        public nint sa_restorer;
    }

    /// <summary>The fields that a child's state change fills in; others overlay them for other signals.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    public struct siginfo_t
    {
        [FieldOffset(0)]
        public int si_signo;
        [FieldOffset(4)]
        public int si_errno;
        [FieldOffset(8)]
        public int si_code;
        [FieldOffset(16)]
        public int si_pid;
        [FieldOffset(20)]
        public uint si_uid;
        [FieldOffset(24)]
        public int si_status;
    }

    public const int SIGEV_SIGNAL = 0, SIGEV_NONE = 1, SIGEV_THREAD = 2, SIGEV_THREAD_ID = 4;

    /// <summary>What is to happen at an event, such as a timer that has run out.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct sigevent
    {
        public nint sigev_value;
        public int sigev_signo;
        public int sigev_notify;
        public SigeventTarget _sigev_un;
    }

    /// <summary>The union at the end of <see cref="sigevent"/>.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 48)]
    public struct SigeventTarget
    {
        [FieldOffset(0)]
        public int _tid;
    }

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int kill(int pid, int signal);

    [LibraryImport(Libc)]
    public static unsafe partial int pthread_sigmask(int how, sigset_t* set, sigset_t* old);

    [LibraryImport(Libc, EntryPoint = "sigaction", SetLastError = true)]
    public static unsafe partial int sigaction_of(int signal, sigaction* action, sigaction* old);
}

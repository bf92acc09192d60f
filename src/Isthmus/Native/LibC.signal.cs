using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Isthmus.Native;

// signal.h
internal static partial class LibC
{
    public const int SIG_BLOCK = 0, SIG_UNBLOCK = 1, SIG_SETMASK = 2;
    public const int SA_SIGINFO = 4, SA_RESTART = 0x10000000;
    public const int SI_USER = 0, SI_QUEUE = -1, SI_TIMER = -2, SI_MESGQ = -3, SI_ASYNCIO = -4, SI_SIGIO = -5, SI_TKILL = -6;
    public const int SI_KERNEL = 0x80;
    public const int CLD_EXITED = 1, CLD_KILLED = 2, CLD_DUMPED = 3, CLD_TRAPPED = 4, CLD_STOPPED = 5, CLD_CONTINUED = 6;

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

        public static sigset_t Of(ulong bits)
        {
            sigset_t set = default;
            set[0] = bits;
            return set;
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

    /// <summary>What came with a signal; which fields stand depends on <see cref="si_code"/>, so they overlay each other.</summary>
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
        public nint si_ptr;
        [FieldOffset(24)]
        public int si_status;
        [FieldOffset(32)]
        public long si_utime;
        [FieldOffset(40)]
        public long si_stime;
        [FieldOffset(16)]
        public int si_timerid;
        [FieldOffset(20)]
        public int si_overrun;
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

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int sigpending(sigset_t* set);

    [LibraryImport(Libc)]
    public static unsafe partial int pthread_sigmask(int how, sigset_t* set, sigset_t* old);

    [LibraryImport(Libc, EntryPoint = "sigaction", SetLastError = true)]
    public static unsafe partial int sigaction_of(int signal, sigaction* action, sigaction* old);

    // What a handler gets as its third argument: the state of the thread that it interrupted.
    internal static partial class X64
    {
        [StructLayout(LayoutKind.Explicit, Size = 968)]
        public struct ucontext_t
        {
            [FieldOffset(296)]
            public sigset_t uc_sigmask;
        }
    }

    internal static partial class Arm64
    {
        [StructLayout(LayoutKind.Explicit, Size = 4560)]
        public struct ucontext_t
        {
            [FieldOffset(40)]
            public sigset_t uc_sigmask;
        }
    }
}

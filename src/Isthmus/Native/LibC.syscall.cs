using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Native;

// sys/syscall.h: calls that libc does not wrap, or wraps for the whole process where one thread is meant.
internal static partial class LibC
{
    public const int SYS_pidfd_send_signal = 424, SYS_pidfd_open = 434, SYS_close_range = 436, SYS_pidfd_getfd = 438;
    public const int SYS_fsopen = 430, SYS_fsconfig = 431, SYS_fsmount = 432;

    internal static partial class X64
    {
        public const int SYS_getpid = 39, SYS_tgkill = 234, SYS_setgroups = 116, SYS_setresuid = 117, SYS_setresgid = 119;
        public const int SYS_waitid = 247, SYS_mq_notify = 244, SYS_futex = 202, SYS_getdents64 = 217, SYS_membarrier = 324;
        public const int SYS_rt_tgsigqueueinfo = 297, SYS_rt_sigtimedwait = 128, SYS_kcmp = 312;
    }

    internal static partial class Arm64
    {
        public const int SYS_getpid = 172, SYS_tgkill = 131, SYS_setgroups = 159, SYS_setresuid = 147, SYS_setresgid = 149;
        public const int SYS_waitid = 95, SYS_mq_notify = 184, SYS_futex = 98, SYS_getdents64 = 61, SYS_membarrier = 283;
        public const int SYS_rt_tgsigqueueinfo = 240, SYS_rt_sigtimedwait = 137, SYS_kcmp = 272;
    }

    public static int SYS_getpid => IsArm64 ? Arm64.SYS_getpid : X64.SYS_getpid;

    public static int SYS_tgkill => IsArm64 ? Arm64.SYS_tgkill : X64.SYS_tgkill;

    public static int SYS_setgroups => IsArm64 ? Arm64.SYS_setgroups : X64.SYS_setgroups;

    public static int SYS_setresuid => IsArm64 ? Arm64.SYS_setresuid : X64.SYS_setresuid;

    public static int SYS_setresgid => IsArm64 ? Arm64.SYS_setresgid : X64.SYS_setresgid;

    public static int SYS_waitid => IsArm64 ? Arm64.SYS_waitid : X64.SYS_waitid;

    public static int SYS_mq_notify => IsArm64 ? Arm64.SYS_mq_notify : X64.SYS_mq_notify;

    public static int SYS_futex => IsArm64 ? Arm64.SYS_futex : X64.SYS_futex;

    public static int SYS_rt_tgsigqueueinfo => IsArm64 ? Arm64.SYS_rt_tgsigqueueinfo : X64.SYS_rt_tgsigqueueinfo;

    public static int SYS_rt_sigtimedwait => IsArm64 ? Arm64.SYS_rt_sigtimedwait : X64.SYS_rt_sigtimedwait;

    public static int SYS_membarrier => IsArm64 ? Arm64.SYS_membarrier : X64.SYS_membarrier;

    public static int SYS_kcmp => IsArm64 ? Arm64.SYS_kcmp : X64.SYS_kcmp;

    public static int SYS_getdents64 => IsArm64 ? Arm64.SYS_getdents64 : X64.SYS_getdents64;

    [LibraryImport(Libc, SetLastError = true)]
    public static partial nint syscall(nint number);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial nint syscall(nint number, nint a, nint b, nint c);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial nint syscall(nint number, nint a, void* b);

    /// <summary>SYS_waitid: libc's waitid hides the kernel's fifth argument, the usage.</summary>
    [LibraryImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    public static unsafe partial nint syscall_waitid(
        nint number, int idType, SafeHandle pidfd, siginfo_t* info, int options, rusage* usage);

    /// <inheritdoc cref="syscall_waitid(nint, int, SafeHandle, siginfo_t*, int, rusage*)"/>
    [LibraryImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    public static unsafe partial nint syscall_waitid(
        nint number, int idType, int id, siginfo_t* info, int options, rusage* usage);

    [LibraryImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static unsafe partial nint syscall_mq_notify(nint number, SafeHandle queue, sigevent* notification);

    [LibraryImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static unsafe partial nint syscall_rt_sigtimedwait(
        nint number, sigset_t* set, siginfo_t* info, timespec* timeout, nuint setBytes);

    [LibraryImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static unsafe partial nint syscall_rt_tgsigqueueinfo(nint number, int pid, int tid, int signal, siginfo_t* info);

    [LibraryImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static partial SafeFileHandle syscall_pidfd_open(nint number, int pid, uint flags);

    [LibraryImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static unsafe partial nint syscall_pidfd_send_signal(
        nint number, SafeHandle pidfd, int signal, siginfo_t* info, uint flags);

    [LibraryImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static partial SafeFileHandle syscall_pidfd_getfd(nint number, SafeHandle pidfd, int fd, uint flags);

    [LibraryImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static unsafe partial nint syscall_getdents64(nint number, SafeHandle directory, byte* buffer, nuint count);

    [LibraryImport(Libc, EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle syscall_fsopen(nint number, string type, uint flags);

    [LibraryImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint syscall_fsconfig(nint number, SafeHandle context, uint command, nint key, nint value, int auxiliary);

    [LibraryImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static partial SafeFileHandle syscall_fsmount(nint number, SafeHandle context, uint flags, uint attributes);

    /// <summary>glibc has it under this name, musl under another.</summary>
    public static unsafe nint getdents64(SafeHandle directory, byte* buffer, nuint count) =>
        syscall_getdents64(SYS_getdents64, directory, buffer, count);

    public static SafeFileHandle fsopen(string type, uint flags) => syscall_fsopen(SYS_fsopen, type, flags);

    /// <summary>The command FSCONFIG_CMD_CREATE.</summary>
    public static int fsconfig_create(SafeHandle context) => (int)syscall_fsconfig(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, 0, 0, 0);

    public static SafeFileHandle fsmount(SafeHandle context, uint flags) => syscall_fsmount(SYS_fsmount, context, flags, 0);

    /// <summary>
    /// The kernel's own form: with <c>SIGEV_THREAD</c> it sends a cookie over a netlink socket, <c>sigev_signo</c>. libc's form reads that in a
    /// thread of its own.
    /// </summary>
    public static unsafe int mq_notify(SafeHandle queue, sigevent* notification) =>
        (int)syscall_mq_notify(SYS_mq_notify, queue, notification);

    public static SafeFileHandle pidfd_open(int pid, uint flags) => syscall_pidfd_open(SYS_pidfd_open, pid, flags);

    public static unsafe int pidfd_send_signal(SafeHandle pidfd, int signal, uint flags = 0) =>
        (int)syscall_pidfd_send_signal(SYS_pidfd_send_signal, pidfd, signal, null, flags);

    public static unsafe int pidfd_send_signal(SafeHandle pidfd, int signal, siginfo_t* info) =>
        (int)syscall_pidfd_send_signal(SYS_pidfd_send_signal, pidfd, signal, info, 0);

    /// <summary>As libc's sigtimedwait, which says SI_USER where the kernel says SI_TKILL.</summary>
    public static unsafe int rt_sigtimedwait(sigset_t* set, siginfo_t* info, timespec* timeout) =>
        (int)syscall_rt_sigtimedwait(SYS_rt_sigtimedwait, set, info, timeout, sizeof(ulong));

    public static unsafe int rt_tgsigqueueinfo(int pid, int tid, int signal, siginfo_t* info) =>
        (int)syscall_rt_tgsigqueueinfo(SYS_rt_tgsigqueueinfo, pid, tid, signal, info);

    public static SafeFileHandle pidfd_getfd(SafeHandle pidfd, int fd) =>
        syscall_pidfd_getfd(SYS_pidfd_getfd, pidfd, fd, 0);

    public static int tgkill(int pid, int tid, int signal) => (int)syscall(SYS_tgkill, pid, tid, signal);
}

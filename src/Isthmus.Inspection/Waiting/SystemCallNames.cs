using System.Collections.Frozen;
using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus.Inspection;

/// <summary>The names of the system calls in which a thread can wait, by their numbers on this architecture.</summary>
internal static class SystemCallNames
{
    private static readonly FrozenDictionary<int, string> s_names = Names().ToFrozenDictionary();

    /// <summary>Null for calls that are not listed here; <c>waitid</c> for the number of waitid.</summary>
    public static string? Find(int number) => s_names.GetValueOrDefault(number);

    private static Dictionary<int, string> Names()
    {
        Dictionary<int, string> names = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? OfArm64() : OfX64();
        names[LibC.SYS_waitid] = "waitid";
        names[LibC.SYS_rt_sigtimedwait] = "rt_sigtimedwait";
        names[LibC.SYS_io_uring_enter] = "io_uring_enter";
        names[LibC.SYS_openat2] = "openat2";
        names[LibC.SYS_clone3] = "clone3";
        names[LibC.SYS_epoll_pwait2] = "epoll_pwait2";
        names[LibC.SYS_futex_waitv] = "futex_waitv";
        names[LibC.SYS_futex_wait] = "futex_wait";
        return names;
    }

    private static Dictionary<int, string> OfX64() => new()
    {
        [LibC.X64.SYS_read] = "read",
        [LibC.X64.SYS_write] = "write",
        [LibC.X64.SYS_open] = "open",
        [LibC.X64.SYS_poll] = "poll",
        [LibC.X64.SYS_ioctl] = "ioctl",
        [LibC.X64.SYS_pread64] = "pread64",
        [LibC.X64.SYS_pwrite64] = "pwrite64",
        [LibC.X64.SYS_readv] = "readv",
        [LibC.X64.SYS_writev] = "writev",
        [LibC.X64.SYS_select] = "select",
        [LibC.X64.SYS_pause] = "pause",
        [LibC.X64.SYS_nanosleep] = "nanosleep",
        [LibC.X64.SYS_sendfile] = "sendfile",
        [LibC.X64.SYS_connect] = "connect",
        [LibC.X64.SYS_accept] = "accept",
        [LibC.X64.SYS_sendto] = "sendto",
        [LibC.X64.SYS_recvfrom] = "recvfrom",
        [LibC.X64.SYS_sendmsg] = "sendmsg",
        [LibC.X64.SYS_recvmsg] = "recvmsg",
        [LibC.X64.SYS_clone] = "clone",
        [LibC.X64.SYS_vfork] = "vfork",
        [LibC.X64.SYS_wait4] = "wait4",
        [LibC.X64.SYS_semop] = "semop",
        [LibC.X64.SYS_msgsnd] = "msgsnd",
        [LibC.X64.SYS_msgrcv] = "msgrcv",
        [LibC.X64.SYS_fcntl] = "fcntl",
        [LibC.X64.SYS_flock] = "flock",
        [LibC.X64.SYS_fsync] = "fsync",
        [LibC.X64.SYS_rt_sigsuspend] = "rt_sigsuspend",
        [LibC.X64.SYS_futex] = "futex",
        [LibC.X64.SYS_io_getevents] = "io_getevents",
        [LibC.X64.SYS_restart_syscall] = "restart_syscall",
        [LibC.X64.SYS_semtimedop] = "semtimedop",
        [LibC.X64.SYS_clock_nanosleep] = "clock_nanosleep",
        [LibC.X64.SYS_epoll_wait] = "epoll_wait",
        [LibC.X64.SYS_mq_timedsend] = "mq_timedsend",
        [LibC.X64.SYS_mq_timedreceive] = "mq_timedreceive",
        [LibC.X64.SYS_openat] = "openat",
        [LibC.X64.SYS_pselect6] = "pselect6",
        [LibC.X64.SYS_ppoll] = "ppoll",
        [LibC.X64.SYS_splice] = "splice",
        [LibC.X64.SYS_tee] = "tee",
        [LibC.X64.SYS_vmsplice] = "vmsplice",
        [LibC.X64.SYS_epoll_pwait] = "epoll_pwait",
        [LibC.X64.SYS_accept4] = "accept4",
        [LibC.X64.SYS_recvmmsg] = "recvmmsg",
        [LibC.X64.SYS_sendmmsg] = "sendmmsg",
    };

    private static Dictionary<int, string> OfArm64() => new()
    {
        [LibC.Arm64.SYS_io_getevents] = "io_getevents",
        [LibC.Arm64.SYS_epoll_pwait] = "epoll_pwait",
        [LibC.Arm64.SYS_fcntl] = "fcntl",
        [LibC.Arm64.SYS_ioctl] = "ioctl",
        [LibC.Arm64.SYS_flock] = "flock",
        [LibC.Arm64.SYS_openat] = "openat",
        [LibC.Arm64.SYS_read] = "read",
        [LibC.Arm64.SYS_write] = "write",
        [LibC.Arm64.SYS_readv] = "readv",
        [LibC.Arm64.SYS_writev] = "writev",
        [LibC.Arm64.SYS_pread64] = "pread64",
        [LibC.Arm64.SYS_pwrite64] = "pwrite64",
        [LibC.Arm64.SYS_sendfile] = "sendfile",
        [LibC.Arm64.SYS_pselect6] = "pselect6",
        [LibC.Arm64.SYS_ppoll] = "ppoll",
        [LibC.Arm64.SYS_vmsplice] = "vmsplice",
        [LibC.Arm64.SYS_splice] = "splice",
        [LibC.Arm64.SYS_tee] = "tee",
        [LibC.Arm64.SYS_fsync] = "fsync",
        [LibC.Arm64.SYS_futex] = "futex",
        [LibC.Arm64.SYS_nanosleep] = "nanosleep",
        [LibC.Arm64.SYS_clock_nanosleep] = "clock_nanosleep",
        [LibC.Arm64.SYS_restart_syscall] = "restart_syscall",
        [LibC.Arm64.SYS_rt_sigsuspend] = "rt_sigsuspend",
        [LibC.Arm64.SYS_mq_timedsend] = "mq_timedsend",
        [LibC.Arm64.SYS_mq_timedreceive] = "mq_timedreceive",
        [LibC.Arm64.SYS_msgrcv] = "msgrcv",
        [LibC.Arm64.SYS_msgsnd] = "msgsnd",
        [LibC.Arm64.SYS_semtimedop] = "semtimedop",
        [LibC.Arm64.SYS_semop] = "semop",
        [LibC.Arm64.SYS_accept] = "accept",
        [LibC.Arm64.SYS_connect] = "connect",
        [LibC.Arm64.SYS_sendto] = "sendto",
        [LibC.Arm64.SYS_recvfrom] = "recvfrom",
        [LibC.Arm64.SYS_sendmsg] = "sendmsg",
        [LibC.Arm64.SYS_recvmsg] = "recvmsg",
        [LibC.Arm64.SYS_accept4] = "accept4",
        [LibC.Arm64.SYS_recvmmsg] = "recvmmsg",
        [LibC.Arm64.SYS_clone] = "clone",
        [LibC.Arm64.SYS_wait4] = "wait4",
        [LibC.Arm64.SYS_sendmmsg] = "sendmmsg",
    };
}

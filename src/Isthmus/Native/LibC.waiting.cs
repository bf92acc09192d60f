namespace Isthmus.Native;

// sys/syscall.h: the numbers of the calls in which a thread can wait, as /proc/PID/syscall shows them. Nothing here calls them.
internal static partial class LibC
{
    public const int SYS_io_uring_enter = 426, SYS_clone3 = 435, SYS_openat2 = 437, SYS_epoll_pwait2 = 441;

    // Newer than the headers that the tests compile against (Linux 5.16 and 6.7), so not held against them.
    internal const int SYS_futex_waitv = 449, SYS_futex_wait = 455;

    internal static partial class X64
    {
        public const int SYS_read = 0, SYS_write = 1, SYS_open = 2, SYS_poll = 7, SYS_ioctl = 16, SYS_pread64 = 17, SYS_pwrite64 = 18;
        public const int SYS_readv = 19, SYS_writev = 20, SYS_select = 23, SYS_pause = 34, SYS_nanosleep = 35, SYS_sendfile = 40;
        public const int SYS_connect = 42, SYS_accept = 43, SYS_sendto = 44, SYS_recvfrom = 45, SYS_sendmsg = 46, SYS_recvmsg = 47;
        public const int SYS_clone = 56, SYS_vfork = 58;
        public const int SYS_wait4 = 61, SYS_semop = 65, SYS_msgsnd = 69, SYS_msgrcv = 70, SYS_fcntl = 72, SYS_flock = 73, SYS_fsync = 74;
        public const int SYS_rt_sigsuspend = 130, SYS_io_getevents = 208, SYS_restart_syscall = 219, SYS_semtimedop = 220;
        public const int SYS_clock_nanosleep = 230, SYS_epoll_wait = 232, SYS_mq_timedsend = 242, SYS_mq_timedreceive = 243;
        public const int SYS_openat = 257, SYS_pselect6 = 270, SYS_ppoll = 271, SYS_splice = 275, SYS_tee = 276, SYS_vmsplice = 278;
        public const int SYS_epoll_pwait = 281, SYS_accept4 = 288, SYS_recvmmsg = 299, SYS_sendmmsg = 307;
    }

    internal static partial class Arm64
    {
        public const int SYS_io_getevents = 4, SYS_epoll_pwait = 22, SYS_fcntl = 25, SYS_ioctl = 29, SYS_flock = 32, SYS_openat = 56;
        public const int SYS_read = 63, SYS_write = 64, SYS_readv = 65, SYS_writev = 66, SYS_pread64 = 67, SYS_pwrite64 = 68;
        public const int SYS_sendfile = 71, SYS_pselect6 = 72, SYS_ppoll = 73, SYS_vmsplice = 75, SYS_splice = 76, SYS_tee = 77;
        public const int SYS_fsync = 82, SYS_nanosleep = 101, SYS_clock_nanosleep = 115, SYS_restart_syscall = 128;
        public const int SYS_rt_sigsuspend = 133, SYS_mq_timedsend = 182, SYS_mq_timedreceive = 183, SYS_msgrcv = 188, SYS_msgsnd = 189;
        public const int SYS_semtimedop = 192, SYS_semop = 193, SYS_accept = 202, SYS_connect = 203, SYS_sendto = 206, SYS_recvfrom = 207;
        public const int SYS_clone = 220;
        public const int SYS_sendmsg = 211, SYS_recvmsg = 212, SYS_accept4 = 242, SYS_recvmmsg = 243, SYS_wait4 = 260, SYS_sendmmsg = 269;
    }
}

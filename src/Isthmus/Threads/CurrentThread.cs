using System.Runtime.InteropServices;
using System.Text;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// What Linux knows and lets be set of the thread that calls, and .NET does not offer. All of it belongs to the
/// kernel's thread: after an <c>await</c> the code may run on another, and what is set on a thread of the pool stays
/// there for the work that comes next. Use a <see cref="Thread"/> of your own.
/// </summary>
public static class CurrentThread
{
    /// <summary>The longest <see cref="Name"/>, in bytes of UTF-8.</summary>
    public const int NameLengthMax = 15;

    /// <summary>
    /// The thread's number, as in <c>/proc/PID/task</c> and <c>top -H</c>; the main thread's is the process's
    /// (<c>gettid(2)</c>).
    /// </summary>
    public static int Id => LibC.gettid();

    /// <summary>
    /// The name as <c>ps</c>, <c>top</c> and debuggers show it, at most <see cref="NameLengthMax"/> bytes; that of the
    /// main thread is the process's name. <see cref="Thread.Name"/> sets it too, cut off. See
    /// <c>PR_SET_NAME(2const)</c>.
    /// </summary>
    /// <exception cref="ArgumentException">The name is longer, or holds a NUL.</exception>
    public static unsafe string Name
    {
        get
        {
            byte* name = stackalloc byte[NameLengthMax + 1];
            LibC.Check(LibC.prctl(LibC.PR_GET_NAME, (nint)name));
            return Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name));
        }

        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (Encoding.UTF8.GetByteCount(value) > NameLengthMax || value.Contains('\0', StringComparison.Ordinal))
            {
                throw new ArgumentException(
                    $"A thread's name is at most {NameLengthMax} bytes without a NUL.", nameof(value));
            }
            Span<byte> name = stackalloc byte[NameLengthMax + 1];
            name.Clear();
            Encoding.UTF8.GetBytes(value, name);
            fixed (byte* pointer = name)
            {
                LibC.Check(LibC.prctl(LibC.PR_SET_NAME, (nint)pointer));
            }
        }
    }

    /// <summary>
    /// The CPUs that it may run on (<c>sched_setaffinity(2)</c>); new threads start with those of their maker.
    /// </summary>
    /// <exception cref="PosixException"><c>EINVAL</c> none of the CPUs is online and allowed by the cgroup.</exception>
    public static CpuSet Affinity
    {
        get => CpuSet.OfThread(0);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            value.Apply(0);
        }
    }

    /// <summary>
    /// The CPU that it runs on just now; it may have moved before you read this (<c>sched_getcpu(3)</c>).
    /// </summary>
    public static int Cpu => LibC.sched_getcpu();

    /// <summary>
    /// -20 (most CPU time) to 19 (least); the kernel clamps what lies beyond (<c>setpriority(2)</c>, <c>sched(7)</c>).
    /// </summary>
    /// <exception cref="UnauthorizedAccessException">
    /// <c>EACCES</c> a lower value needs CAP_SYS_NICE or RLIMIT_NICE.
    /// </exception>
    public static int Nice
    {
        get => ReadNice();
        set
        {
            if (LibC.setpriority(LibC.PRIO_PROCESS, 0, value) < 0)
            {
                Errno errno = Errno.Last;
                throw PosixException.From(errno, "setpriority", hint: errno is Errno.EACCES or Errno.EPERM
                    ? "A lower nice value needs CAP_SYS_NICE or RLIMIT_NICE."
                    : null);
            }
        }
    }

    /// <summary>How the kernel schedules it (<c>sched(7)</c>); <see cref="SetScheduling"/> changes it.</summary>
    public static SchedulingPolicy Policy =>
        (SchedulingPolicy)(LibC.Check(LibC.sched_getscheduler(0)) & ~LibC.SCHED_RESET_ON_FORK);

    /// <summary>The real-time priority, 1 to 99; 0 under the policies that have none.</summary>
    public static unsafe int Priority
    {
        get
        {
            LibC.sched_param parameters;
            LibC.Check(LibC.sched_getparam(0, &parameters));
            return parameters.sched_priority;
        }
    }

    /// <summary>
    /// CPU time that it has used, user and system, to the nanosecond that a <see cref="TimeSpan"/> can tell (100).
    /// </summary>
    public static TimeSpan CpuTime => Clock.ThreadCpuTime;

    /// <summary>CPU time in user mode; the kernel splits <see cref="CpuTime"/> by estimate.</summary>
    public static TimeSpan UserTime => Usage.ru_utime.ToTimeSpan();

    /// <summary>CPU time in the kernel.</summary>
    public static TimeSpan SystemTime => Usage.ru_stime.ToTimeSpan();

    /// <summary>How often it gave the CPU up itself, because it had to wait.</summary>
    public static long VoluntarySwitches => Usage.ru_nvcsw;

    /// <summary>How often the kernel took the CPU from it, for another thread.</summary>
    public static long InvoluntarySwitches => Usage.ru_nivcsw;

    // One call each: whoever compares two of them takes the numbers of two moments anyway.
    private static unsafe LibC.rusage Usage
    {
        get
        {
            LibC.rusage usage;
            LibC.Check(LibC.getrusage(LibC.RUSAGE_THREAD, &usage));
            return usage;
        }
    }

    /// <summary>Sets policy and priority (<c>sched_setscheduler(2)</c>).</summary>
    /// <param name="policy">How it is to be scheduled.</param>
    /// <param name="priority">
    /// 1 (lowest) to 99 under <see cref="SchedulingPolicy.Fifo"/> and <see cref="SchedulingPolicy.RoundRobin"/>; else
    /// 0.
    /// </param>
    /// <exception cref="UnauthorizedAccessException">
    /// <c>EPERM</c> real-time policies need CAP_SYS_NICE or RLIMIT_RTPRIO.
    /// </exception>
    /// <exception cref="PosixException"><c>EINVAL</c> the priority does not belong to the policy.</exception>
    public static unsafe void SetScheduling(SchedulingPolicy policy, int priority = 0)
    {
        LibC.sched_param parameters = new() { sched_priority = priority };
        if (LibC.sched_setscheduler(0, (int)policy, &parameters) < 0)
        {
            Errno errno = Errno.Last;
            throw PosixException.From(errno, "sched_setscheduler", $"{policy}, priority {priority}", errno switch
            {
                Errno.EPERM => "Real-time policies need CAP_SYS_NICE, or RLIMIT_RTPRIO of at least the priority",
                Errno.EINVAL => "The priority is 1 to 99 for Fifo and RoundRobin, and 0 for the others",
                _ => null,
            });
        }
    }

    private static int ReadNice()
    {
        int nice = LibC.getpriority(LibC.PRIO_PROCESS, 0);
        // -1 is a value too: only errno tells an error.
        return nice != -1 || Errno.Last == Errno.None ? nice : throw PosixException.From(Errno.Last, "getpriority");
    }
}

using System.Buffers.Text;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Native;

/// <summary>
/// What /proc/PID/stat and /proc/PID/task/TID/stat tell, as far as it is needed here (<c>proc_pid_stat(5)</c>).
/// </summary>
internal readonly record struct ProcStat
{
    // About 50 numbers of at most 20 digits.
    private const int TextMax = 2048;

    private static readonly long s_ticksPerSecond = LibC.sysconf(LibC._SC_CLK_TCK);

    public int Id { get; private init; }

    /// <summary>The name as the kernel shows it; may hold anything, spaces, parentheses and line ends too.</summary>
    public string Name { get; private init; }

    /// <summary>R, S, D, T (stopped), t (traced), Z, X, I: see <c>proc_pid_stat(5)</c>.</summary>
    public char State { get; private init; }

    public int ParentId { get; private init; }

    public int GroupId { get; private init; }

    public int SessionId { get; private init; }

    /// <summary>The controlling terminal's device number as the kernel packs it; 0 for none.</summary>
    public int Terminal { get; private init; }

    public int ThreadCount { get; private init; }

    public long VirtualBytes { get; private init; }

    public TimeSpan UserTime { get; private init; }

    public TimeSpan SystemTime { get; private init; }

    /// <summary>In clock ticks since boot.</summary>
    public long StartTime { get; private init; }

    public int LastCpu { get; private init; }

    public bool IsZombie => State is 'Z' or 'X';

    /// <summary>Reads the file; false when the process is gone.</summary>
    public static unsafe bool TryRead(string path, out ProcStat stat)
    {
        stat = default;
        using SafeFileHandle file = LibC.open(path, LibC.O_RDONLY | LibC.O_CLOEXEC);
        byte* buffer = stackalloc byte[TextMax];
        // One read: the kernel makes the whole text at once.
        nint length = file.IsInvalid ? -1 : LibC.read(file, buffer, TextMax);
        if (length < 0)
        {
            return Errno.Last is Errno.ENOENT or Errno.ESRCH
                ? false
                : throw PosixException.From(Errno.Last, "open", path);
        }
        stat = Parse(new ReadOnlySpan<byte>(buffer, (int)length));
        return true;
    }

    /// <summary>Some process of the group has not ended; true also where /proc cannot tell, because it shows other numbers.</summary>
    public static bool AnyAliveInGroup(int group) => !ProcFs.IsOurs || ProcFs.ProcessIds().Any(
        id => TryRead(ProcFs.Of(id) + "/stat", out ProcStat stat) && stat.GroupId == group && !stat.IsZombie);

    public static ProcStat Parse(ReadOnlySpan<byte> text)
    {
        int open = text.IndexOf((byte)'(');
        int close = text.LastIndexOf((byte)')');
        ReadOnlySpan<byte> rest = text[(close + 2)..];
        // The number of each field as the man page counts them; the state is the third.
        return new ProcStat
        {
            Id = (int)Number(text[..open]),
            Name = Encoding.UTF8.GetString(text[(open + 1)..close]),
            State = (char)rest[0],
            ParentId = (int)Number(Field(rest, 4)),
            GroupId = (int)Number(Field(rest, 5)),
            SessionId = (int)Number(Field(rest, 6)),
            Terminal = (int)Number(Field(rest, 7)),
            ThreadCount = (int)Number(Field(rest, 20)),
            VirtualBytes = Number(Field(rest, 23)),
            UserTime = Time(Number(Field(rest, 14))),
            SystemTime = Time(Number(Field(rest, 15))),
            StartTime = Number(Field(rest, 22)),
            LastCpu = (int)Number(Field(rest, 39)),
        };
    }

    /// <summary>Clock ticks, as most times in /proc are given, as time.</summary>
    public static TimeSpan Time(long ticks) => TimeSpan.FromTicks(ticks * TimeSpan.TicksPerSecond / s_ticksPerSecond);

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> rest, int number)
    {
        const int First = 3;
        for (int skip = number - First; skip > 0; skip--)
        {
            rest = rest[(rest.IndexOf((byte)' ') + 1)..];
        }
        return rest;
    }

    private static long Number(ReadOnlySpan<byte> text) => Utf8Parser.TryParse(text, out long number, out _)
        ? number
        : throw new FormatException("/proc/PID/stat holds no number where the kernel puts one.");
}

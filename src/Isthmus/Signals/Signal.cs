using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Isthmus;

/// <summary>
/// A signal by its number, as <c>signal(7)</c> names it: 1 to 31 the standard ones, 34 to 64 the real-time ones that libc leaves to
/// programs. 32 and 33 are libc's own and never offered. The numbers are those of x86-64 and arm64.
/// </summary>
public readonly partial record struct Signal
{
    private const int FirstRealTime = 34;
    private const int Last = 64;

    private static readonly string[] s_names =
    [
        "0", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT",
        "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>The signal with the number <paramref name="number"/>: 1 to 31, or 34 to 64.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such signal, or it is libc's own (32, 33).</exception>
    public Signal(int number)
    {
        if (!IsValid(number))
        {
            throw new ArgumentOutOfRangeException(nameof(number), number, "A signal is 1 to 31 or 34 to 64; 32 and 33 belong to libc.");
        }
        Number = number;
    }

    /// <summary>The terminal hung up, or "read your configuration again".</summary>
    public static Signal SIGHUP { get; } = new(1);

    /// <summary>Ctrl+C.</summary>
    public static Signal SIGINT { get; } = new(2);

    /// <summary>Ctrl+\; ends with a core dump.</summary>
    public static Signal SIGQUIT { get; } = new(3);

    /// <summary>abort(3).</summary>
    public static Signal SIGABRT { get; } = new(6);

    /// <summary>Ends the process; cannot be caught, blocked or ignored.</summary>
    public static Signal SIGKILL { get; } = new(9);

    /// <summary>The program's own use.</summary>
    public static Signal SIGUSR1 { get; } = new(10);

    /// <summary>An invalid access to memory.</summary>
    public static Signal SIGSEGV { get; } = new(11);

    /// <summary>The program's own use.</summary>
    public static Signal SIGUSR2 { get; } = new(12);

    /// <summary>A write to a pipe or socket that nobody reads.</summary>
    public static Signal SIGPIPE { get; } = new(13);

    /// <summary>The timer of alarm(2) (<see cref="IntervalTimer.Real"/>).</summary>
    public static Signal SIGALRM { get; } = new(14);

    /// <summary>The polite request to end.</summary>
    public static Signal SIGTERM { get; } = new(15);

    /// <summary>A child stopped, continued or ended.</summary>
    public static Signal SIGCHLD { get; } = new(17);

    /// <summary>Continue when stopped.</summary>
    public static Signal SIGCONT { get; } = new(18);

    /// <summary>Stops the process; cannot be caught, blocked or ignored.</summary>
    public static Signal SIGSTOP { get; } = new(19);

    /// <summary>Ctrl+Z.</summary>
    public static Signal SIGTSTP { get; } = new(20);

    /// <summary>A background process read the terminal.</summary>
    public static Signal SIGTTIN { get; } = new(21);

    /// <summary>A background process wrote to the terminal.</summary>
    public static Signal SIGTTOU { get; } = new(22);

    /// <summary>Urgent data on a socket; ignored by default.</summary>
    public static Signal SIGURG { get; } = new(23);

    /// <summary>The limit of CPU time was reached (RLIMIT_CPU).</summary>
    public static Signal SIGXCPU { get; } = new(24);

    /// <summary>The limit of file size was reached (RLIMIT_FSIZE).</summary>
    public static Signal SIGXFSZ { get; } = new(25);

    /// <summary>The timer of CPU time in user mode (<see cref="IntervalTimer.Virtual"/>).</summary>
    public static Signal SIGVTALRM { get; } = new(26);

    /// <summary>The timer of all CPU time (<see cref="IntervalTimer.Profiling"/>).</summary>
    public static Signal SIGPROF { get; } = new(27);

    /// <summary>The terminal's size changed.</summary>
    public static Signal SIGWINCH { get; } = new(28);

    /// <summary>A descriptor is ready (F_SETOWN).</summary>
    public static Signal SIGIO { get; } = new(29);

    /// <summary>The signal's number; 0 only in <c>default</c>, which no call accepts.</summary>
    public int Number { get; private init; }

    /// <summary>The name as <c>kill -l</c> prints it with SIG in front: <c>SIGTERM</c>, <c>SIGRTMIN+3</c>.</summary>
    public string Name => Number < s_names.Length
        ? "SIG" + s_names[Number]
        : Number < FirstRealTime ? string.Create(CultureInfo.InvariantCulture, $"SIG{Number}")
        : string.Create(CultureInfo.InvariantCulture, $"SIGRTMIN{(Number == FirstRealTime ? "" : "+")}{Number - FirstRealTime:#}");

    /// <summary>A signal that queues and carries a value: real-time signal SIGRTMIN+<paramref name="offset"/>, 0 to 30.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such signal.</exception>
    public static Signal RealTime(int offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Last - FirstRealTime);
        return new Signal(FirstRealTime + offset);
    }

    /// <summary>Reads a number (<c>15</c>) or a name in any case, with or without SIG (<c>TERM</c>, <c>SIGRTMIN+1</c>, <c>RTMAX</c>).</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Signal signal)
    {
        signal = default;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            number = NumberOf((text ?? "").ToUpperInvariant());
        }
        if (!IsValid(number))
        {
            return false;
        }
        signal = new Signal(number);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>A signal that the kernel reports; it may have ended a process by 32 or 33 too.</summary>
    internal static Signal OfKernel(int number) => new() { Number = number };

    private static bool IsValid(int number) => number is (>= 1 and <= 31) or (>= FirstRealTime and <= Last);

    private static int NumberOf(string name)
    {
        name = name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name;
        if (name.StartsWith("RTMIN", StringComparison.Ordinal))
        {
            return RealTimeNumber(FirstRealTime, name[5..], '+');
        }
        if (name.StartsWith("RTMAX", StringComparison.Ordinal))
        {
            return RealTimeNumber(Last, name[5..], '-');
        }
        // Other names of the same signals.
        name = name switch { "IOT" => "ABRT", "CLD" => "CHLD", "POLL" => "IO", _ => name };
        return Array.IndexOf(s_names, name);
    }

    private static int RealTimeNumber(int start, string offset, char sign)
    {
        if (offset.Length == 0)
        {
            return start;
        }
        bool valid = int.TryParse(offset[1..], NumberStyles.None, CultureInfo.InvariantCulture, out int distance)
            && offset[0] == sign && distance <= Last - FirstRealTime;
        return !valid ? -1 : sign == '+' ? start + distance : start - distance;
    }
}

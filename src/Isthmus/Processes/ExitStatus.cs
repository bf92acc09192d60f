using System.Globalization;

namespace Isthmus;

/// <summary>
/// How a process ended: with a code, by a signal, or, where the kernel tells nobody but its parent, unknown. What was
/// not learnt is null, never zero. <c>default</c> is <see cref="Unknown"/>. See <c>wait(2)</c>.
/// </summary>
public readonly record struct ExitStatus
{
    private const int ShellSignalBase = 128;

    /// <summary>The process ended, and nobody told how.</summary>
    public static ExitStatus Unknown => default;

    /// <summary>What it passed to <c>exit(3)</c>, 0 to 255; null when a signal ended it, or unknown.</summary>
    public int? Code { get; internal init; }

    /// <summary>The signal that ended it; null when it exited by itself, or unknown.</summary>
    public Signal? Signal { get; internal init; }

    /// <summary>The kernel wrote a memory image (<c>core(5)</c>), or piped it to a handler.</summary>
    public bool CoreDumped { get; internal init; }

    /// <summary>
    /// CPU time in user mode, that of its own reaped children included; only for children of this process.
    /// </summary>
    public TimeSpan? UserTime { get; internal init; }

    /// <summary>CPU time in the kernel, as <see cref="UserTime"/>.</summary>
    public TimeSpan? SystemTime { get; internal init; }

    /// <summary>
    /// The most memory it, or one of its reaped children, had resident, in bytes; only for children of this process.
    /// </summary>
    /// <remarks>
    /// Never less than what this process had resident when it started the child: until its exec the child lives in this
    /// process's memory, and the kernel counts that into <c>ru_maxrss</c>. So it says something of larger children only.
    /// </remarks>
    public long? PeakMemory { get; internal init; }

    /// <summary>
    /// From its start until its end was noticed: exact to the scheduler's delay where somebody was waiting, otherwise
    /// an upper bound, as the kernel keeps no time of death.
    /// </summary>
    public TimeSpan? Elapsed { get; internal init; }

    /// <summary>True when the code or the signal is known.</summary>
    public bool IsKnown => Code is not null || Signal is not null;

    /// <summary>It exited with code 0.</summary>
    public bool IsSuccess => Code == 0;

    /// <summary>
    /// What a shell's <c>$?</c> shows: the code, or 128 plus the signal's number (137 for SIGKILL); null when unknown.
    /// </summary>
    public int? ShellCode => Signal is { } signal ? ShellSignalBase + signal.Number : Code;

    /// <summary>
    /// In plain words: <c>exited with 3</c>, <c>killed by SIGKILL (9)</c>, <c>ended, its status is unknown</c>.
    /// </summary>
    public override string ToString() => this switch
    {
        { Code: int code } => string.Create(CultureInfo.InvariantCulture, $"exited with {code}"),
        { Signal: { } signal } => string.Create(
            CultureInfo.InvariantCulture,
            $"killed by {signal.Name} ({signal.Number}){(CoreDumped ? ", core dumped" : "")}"),
        _ => "ended, its status is unknown",
    };

    /// <summary>From the one number that <c>wait(2)</c> and the kernel use.</summary>
    internal static ExitStatus FromWaitStatus(int status)
    {
        int signal = status & 0x7f;
        return signal == 0
            ? new ExitStatus { Code = (status >> 8) & 0xff }
            : new ExitStatus { Signal = Isthmus.Signal.OfKernel(signal), CoreDumped = (status & 0x80) != 0 };
    }
}

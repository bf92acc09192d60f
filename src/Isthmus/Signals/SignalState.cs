using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// What a process does with signals at one moment, and which ones wait: the fields Sig… and Shd… of <c>/proc/PID/status</c>
/// (<c>proc_pid_status(5)</c>). Anybody may read them of any process that he can see.
/// </summary>
public sealed record SignalState
{
    private SignalState()
    {
    }

    /// <summary>The process.</summary>
    public required int ProcessId { get; init; }

    /// <summary>The thread whose <see cref="Blocked"/> and <see cref="Pending"/> these are; the main thread's number is the process's.</summary>
    public required int ThreadId { get; init; }

    /// <summary>Signals that the thread has blocked. <b>Per thread.</b></summary>
    public required SignalSet Blocked { get; init; }

    /// <summary>Signals that were sent to this thread and wait. <b>Per thread.</b></summary>
    public required SignalSet Pending { get; init; }

    /// <summary>Signals that were sent to the process and wait for a thread that takes them.</summary>
    public required SignalSet SharedPending { get; init; }

    /// <summary>Signals that the process ignores.</summary>
    public required SignalSet Ignored { get; init; }

    /// <summary>Signals that the process has a handler for. All others have their default action.</summary>
    public required SignalSet Caught { get; init; }

    /// <summary>How many signals are queued for all processes of its real user together.</summary>
    public required long QueuedCount { get; init; }

    /// <summary>How many may be (RLIMIT_SIGPENDING of this process).</summary>
    public required long QueuedMax { get; init; }

    /// <summary>What <paramref name="signal"/> does to the process.</summary>
    public SignalDisposition DispositionOf(Signal signal) => Caught.Contains(signal) ? SignalDisposition.Catch
        : Ignored.Contains(signal) ? SignalDisposition.Ignore
        : SignalDisposition.Default;

    /// <summary>Reads it of a process and its main thread.</summary>
    /// <remarks>By a bare number: <c>ProcessHandle.ReadSignals</c> makes sure whose it is.</remarks>
    /// <exception cref="PosixException"><c>ESRCH</c> there is no such process.</exception>
    public static SignalState Read(int processId) => ReadThread(processId, processId);

    /// <summary>Reads it of a process and one of its threads.</summary>
    /// <exception cref="PosixException"><c>ESRCH</c> there is no such process, or no such thread in it.</exception>
    public static SignalState ReadThread(int processId, int threadId) => TryReadThread(processId, threadId, out SignalState? state)
        ? state
        : throw PosixException.From(Errno.ESRCH, "open", string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/task/{threadId}"));

    internal static bool TryReadThread(int processId, int threadId, [NotNullWhen(true)] out SignalState? state)
    {
        state = null;
        string text;
        try
        {
            text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"{ProcFs.Of(processId)}/task/{threadId}/status"));
        }
        catch (IOException error) when (error is FileNotFoundException or DirectoryNotFoundException || error.HResult == (int)Errno.ESRCH)
        {
            return false;
        }
        string[] queue = Field(text, "SigQ").Split('/');
        state = new SignalState
        {
            ProcessId = processId,
            ThreadId = threadId,
            Blocked = Set(text, "SigBlk"),
            Pending = Set(text, "SigPnd"),
            SharedPending = Set(text, "ShdPnd"),
            Ignored = Set(text, "SigIgn"),
            Caught = Set(text, "SigCgt"),
            QueuedCount = Count(queue[0]),
            QueuedMax = Count(queue[1]),
        };
        return true;
    }

    // No limit is printed as the largest number of 64 bits.
    private static long Count(string text) => (long)Math.Min(ulong.Parse(text, CultureInfo.InvariantCulture), long.MaxValue);

    private static SignalSet Set(string status, string field) =>
        new(ulong.Parse(Field(status, field), NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    private static string Field(string status, string field)
    {
        int start = status.IndexOf($"\n{field}:\t", StringComparison.Ordinal) + field.Length + 3;
        return status[start..status.IndexOf('\n', start)];
    }
}
